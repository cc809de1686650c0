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

    /// Asserts that `test-all` fails, and that for each of `faults` one of its
    /// failures has all the words.
    ///
    /// The runner keeps going after a failure, so that a copy can be broken in
    /// several ways at once. Returns all that it said.
    fn is_refused_with(&self, faults: &[&[&str]]) -> String {
        let output = self.test_all();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}");
        // A failure is a line and what is indented below it.
        let failures: Vec<&str> = said
            .split("\n  FAIL")
            .skip(1)
            .map(|failure| failure.split("\n  ok").next().unwrap_or_default())
            .collect();
        for words in faults {
            let named = failures
                .iter()
                .any(|failure| words.iter().all(|w| failure.contains(w)));
            assert!(named, "no {words:?} in\n{said}");
        }
        said.into_owned()
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
fn needs_python3_a_changed_output_twin_test_or_tour_is_named() {
    let copy = Copy::new();
    copy.replace("ch01-mini/src/steady/mod.rs", " two ", " zwei ");
    copy.replace("ch01-mini/src/steady/mod.rs", ".len(), 8", ".len(), 9");
    copy.replace("ch01-mini/src/steady/twin.py", " two ", " deux ");
    copy.replace("ch01-mini/src/main.rs", "// ---- The tour.", "// ----");
    // What is said to be impossible, and happened.
    let same =
        "[[quiz.rust.impossible]]\ninstead = { 2 = \"two\" }\nbecause = \"\"";
    let section = "ch01-mini/src/steady/section.toml";
    copy.replace(section, "[run.python]", &format!("{same}\n[run.python]"));
    copy.is_refused_with(&[
        &["steady/recorded/rust.txt", "`zwei`", "`two`"],
        &["ch01-mini: ", "there_are_eight_words"],
        &["steady/recorded/python.txt", "`deux`"],
        &["the tour is the same", "main.rs"],
        &[
            "outcomes of ch01-mini",
            "steady/section.toml:5",
            "accepts it",
        ],
    ]);
}

#[test]
fn a_missing_page_and_a_missing_transcript_are_named() {
    let copy = Copy::new();
    fs::remove_file(copy.path("ch01-mini/src/steady/page.md")).unwrap();
    fs::remove_file(copy.path("ch01-mini/src/steady/recorded/rust.txt"))
        .unwrap();
    copy.is_refused_with(&[
        &["layout of ch01-mini", "steady/page.md is missing"],
        &["layout of ch01-mini", "steady/recorded/rust.txt is missing"],
    ]);
}

#[test]
fn a_misspelt_item_and_typed_output_are_named_with_their_line() {
    let copy = Copy::new();
    let page = "ch01-mini/src/steady/page.md";
    copy.replace(page, "rs: demo", "rs: dmeo");
    let typed = "```text\none\ntwo\nthree\nfour\n```";
    copy.replace(page, "{{#run ch01-mini/steady}}", typed);
    copy.is_refused_with(&[
        &["steady/page.md:5", "dmeo"],
        &["steady/page.md:11", "output"],
    ]);
}

#[test]
fn an_order_that_is_luck_in_an_exact_contract_is_found() {
    let copy = Copy::new();
    // The standard library's hasher has a new seed in every process.
    let shuffled = "let mut words = words();
    use std::hash::{BuildHasher, RandomState};
    let seed = RandomState::new();
    words.sort_by_key(|word| seed.hash_one(word));
    for word in words {";
    let loop_over = "for word in words() {";
    copy.replace("ch01-mini/src/steady/mod.rs", loop_over, shuffled);
    copy.replace("ch01-mini/src/steady/mod.rs", "fn words", " fn words");
    // And a twin that cannot run here: it is skipped by name.
    let contracts = "ch01-mini/src/steady/section.toml";
    let needs = "[run.python]\nprograms = [\"no-such-program\"]";
    copy.replace(contracts, "[run.python]", needs);
    let said = copy.is_refused_with(&[
        &["steady/recorded/rust.txt", "(run "],
        // It is badly formatted, too.
        &["cargo fmt", "steady/mod.rs"],
    ]);
    let skipped = said.lines().find(|l| l.contains("recorded/python.txt"));
    let skipped = skipped.unwrap_or_default();
    assert!(skipped.contains("skip"), "{said}");
    assert!(said.contains("no-such-program"), "{said}");
}
