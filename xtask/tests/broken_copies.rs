//! A check that cannot fail is no check: the runner has to find what is broken
//! on purpose in copies of a small workspace.

#![expect(
    clippy::unwrap_used,
    reason = "a copy that cannot be made has failed the test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A copy of `tests/fixture`, in a folder that goes away.
struct Copy {
    folder: TempDir,
}

impl Copy {
    fn new() -> Copy {
        let folder = tempfile::tempdir().unwrap();
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&fixture.join("tests/fixture"), folder.path());
        // The tour is the chapters' own.
        let tour = fixture.join("../ch03-generators/src/main.rs");
        let tour = fs::read_to_string(tour).unwrap();
        let tour = &tour[tour.find("// ---- The tour.").unwrap()..];
        let sources = folder.path().join("ch01-mini/src");
        let head = fs::read_to_string(sources.join("main.head.rs")).unwrap();
        fs::remove_file(sources.join("main.head.rs")).unwrap();
        fs::write(sources.join("main.rs"), head + tour).unwrap();
        fs::copy(
            fixture.join("../rustfmt.toml"),
            folder.path().join("rustfmt.toml"),
        )
        .unwrap();
        fs::copy(
            fixture.join("../book/book.toml"),
            folder.path().join("book/book.toml"),
        )
        .unwrap();
        copy(
            &fixture.join("../book/theme"),
            &folder.path().join("book/theme"),
        );
        Copy { folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }

    fn test_all(&self) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("--root")
            .arg(self.folder.path())
            .arg("test-all")
            // The browser has its own turn, on the real book.
            .env("CHROMIUM", "none")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Asserts that `test-all` fails, and that one of its lines has all `words`.
    fn is_refused_with(&self, words: &[&str]) {
        let output = self.test_all();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let named = said
            .split("\n  ")
            .any(|part| words.iter().all(|word| part.contains(word)));
        assert!(named, "no {words:?} in\n{said}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn the_unbroken_copy_passes() {
    let output = Copy::new().test_all();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let last = said.lines().next_back().unwrap_or_default();
    assert!(last.contains(" passed, 0 failed, "), "{last}");
}

#[test]
fn a_changed_output_is_found() {
    let copy = Copy::new();
    copy.replace("ch01-mini/src/s01_steady.rs", "\"two\"", "\"zwei\"");
    copy.is_refused_with(&["transcripts/steady.txt", "`zwei`", "`two`"]);
}

#[test]
fn a_failing_test_is_named() {
    let copy = Copy::new();
    copy.replace("ch01-mini/src/s01_steady.rs", ".len(), 3", ".len(), 4");
    copy.is_refused_with(&["FAIL", "there_are_three_words"]);
}

#[test]
fn a_badly_formatted_file_is_named() {
    let copy = Copy::new();
    copy.replace("ch01-mini/src/s01_steady.rs", "    for", "for");
    copy.is_refused_with(&["cargo fmt", "s01_steady.rs"]);
}

#[test]
fn a_misspelt_item_in_a_page_is_found() {
    let copy = Copy::new();
    copy.replace("book/pages/ch01-mini/steady.md", "rs: demo", "rs: dmeo");
    copy.is_refused_with(&["ch01-mini/steady.md:3", "dmeo"]);
}

#[test]
fn a_missing_page_is_found() {
    let copy = Copy::new();
    fs::remove_file(copy.path("book/pages/ch01-mini/steady.md")).unwrap();
    copy.is_refused_with(&["layout of ch01-mini", "ch01-mini/steady.md"]);
}

#[test]
fn a_section_without_transcript_is_found() {
    let copy = Copy::new();
    fs::remove_file(copy.path("ch01-mini/transcripts/steady.txt")).unwrap();
    copy.is_refused_with(&["layout of ch01-mini", "steady.txt is missing"]);
}

#[test]
fn needs_python3_a_twin_that_prints_something_else_is_found() {
    let copy = Copy::new();
    copy.replace("ch01-mini/python/steady.py", "\"two\"", "\"deux\"");
    copy.is_refused_with(&["transcripts/steady.py.txt", "`deux`"]);
}

#[test]
fn an_order_that_is_luck_in_an_exact_contract_is_found() {
    let copy = Copy::new();
    let shuffled = "{ let mut words = vec![\"one\", \"two\", \"three\"];
    // The standard library's hasher has a new seed in every process.
    use std::hash::{BuildHasher, RandomState};
    let seed = RandomState::new();
    words.sort_by_key(|word| seed.hash_one(word));
    words
}";
    copy.replace(
        "ch01-mini/src/s01_steady.rs",
        "{\n    vec![\"one\", \"two\", \"three\"]\n}",
        shuffled,
    );
    copy.is_refused_with(&["transcripts/steady.txt", "(run "]);
}

#[test]
fn output_typed_into_a_page_is_found() {
    let copy = Copy::new();
    copy.replace(
        "book/pages/ch01-mini/steady.md",
        "{{#run ch01-mini/steady}}",
        "```text\none\ntwo\nthree\nfour\n```",
    );
    copy.is_refused_with(&["ch01-mini/steady.md:5"]);
}

#[test]
fn a_tour_that_is_not_the_others_is_found() {
    let copy = Copy::new();
    copy.replace("ch01-mini/src/main.rs", "// ---- The tour.", "// ----");
    copy.is_refused_with(&["the tour is the same", "main.rs"]);
}
