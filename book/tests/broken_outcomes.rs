//! What is said about luck has to be what was recorded: each test breaks a
//! small book in one place, and the builder has to name that place.

#![expect(
    clippy::unwrap_used,
    reason = "a book that cannot be written has failed the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use artifacts::room::Room;
use artifacts::section::SectionFile;
use tempfile::TempDir;

/// A chapter of one section, whose two lines come in any order.
const FILES: &[(&str, &str)] = &[
    ("ch/src/a.rs", "/// Old.\nfn a() {\n    one();\n}\n"),
    (
        "ch/src/b.rs",
        "/// New.\nfn b() {\n    one();\n    two();\n}\n",
    ),
    (
        "ch/src/race/recorded/rust.txt",
        "cargo run -p ch -- race\na runs\nb runs\nend\n",
    ),
    (
        SECTION,
        "[run.rust]\ncontract = \"before\"\noutcome = [\"{} runs\"]\n\
         pairs = [[\"a runs\", \"end\"], [\"b runs\", \"end\"]]\n\n\
         [quiz.rust]\nrecorded = 1\n\n[[quiz.rust.possible]]\n\
         lines = [\"b runs\", \"a runs\", \"end\"]\n\
         because = \"It may be late.\"\n\n[[quiz.rust.impossible]]\n\
         lines = [\"a runs\", \"end\", \"b runs\"]\n\
         because = \"The end is the end.\"\n",
    ),
    (
        "book/pages/SUMMARY.md",
        "# Summary\n\n[Start](start.md)\n\n- [Race](race.md)\n",
    ),
    ("book/pages/start.md", "# Start\n"),
    (
        PAGE,
        "# Race\n\n{{#quiz ch/race}}\n\n{{#run ch/race}}\n\n\
         {{#outcomes ch/race}}\n\n{{#diff ch/src/a.rs: a | ch/src/b.rs: b}}\n\n\
         It is done.\n",
    ),
];

const SECTION: &str = "ch/src/race/section.toml";
const OUTCOMES: &str = "ch/src/race/recorded/outcomes.toml";

// Not in a chapter: those pages have a shape to keep to.
const PAGE: &str = "book/pages/race.md";

struct Book {
    folder: TempDir,
}

impl Book {
    fn new() -> Book {
        let folder = tempfile::tempdir().unwrap();
        let book = Book { folder };
        for (file, text) in FILES {
            book.write(file, text);
        }
        let room = Room::new(book.folder.path(), "ch", "race");
        let (section, _) = SectionFile::read(&room).unwrap();
        let contract = &section.run["rust"];
        let lines = ["a runs", "b runs", "end"].map(str::to_string);
        let fingerprint =
            contract.fingerprint("cargo run -p ch -- race", &lines);
        let outcomes = format!(
            "[rust]\nfingerprint = \"{fingerprint}\"\ndate = \"2026-11-22\"\n\
             machine = \"m\"\nversion = \"v\"\ncommit = \"c\"\n\
             conditions = [\"alone\"]\nruns = [20]\ndistinct = 1\n\n\
             [[rust.outcomes]]\nshows = \"a, b\"\ncounts = [20]\n\
             lines = {lines:?}\n"
        );
        book.write(OUTCOMES, &outcomes);
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        book.write("book/book.toml", &read(&home.join("book.toml")));
        for entry in fs::read_dir(home.join("theme")).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            book.write(&format!("book/theme/{name}"), &read(&entry.path()));
        }
        book
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = read(&self.path(file));
        assert!(text.contains(from), "{file} has no `{from}`");
        self.write(file, &text.replace(from, to));
    }

    fn build(&self) -> Result<book::Built, Vec<String>> {
        book::build(self.folder.path(), &self.path("out"))
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    /// Asserts that each fault has all `words`, and the first is at `place`.
    fn is_refused(&self, place: &str, words: &[&str]) {
        let faults = self.build().unwrap_err();
        assert!(faults[0].starts_with(place), "{faults:?}");
        for word in words {
            assert!(faults.iter().all(|f| f.contains(word)), "{faults:#?}");
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_unbroken_book_asks_counts_and_compares() {
    let book = Book::new();
    let built = book.build().unwrap();
    assert_eq!((built.pages, built.outputs), (2, 1));
    let html = read(&book.path("out/race.html"));
    for words in [
        "20 runs came to one outcome of the 2 that the contract allows",
        "<strong>Yes,</strong> and not once in 20 runs. It may be late.",
        "<strong>Yes:</strong> in 20 of 20 runs.",
        "<strong>No.</strong> The end is the end.",
        "<ins>+     two();</ins>",
        "href=\"files/ch/src/b.rs.html#L1\"",
    ] {
        assert!(html.contains(words), "{words}\n{html}");
    }
    let file = read(&book.path("out/files/ch/src/b.rs.html"));
    assert!(file.contains("\n    two();\n"), "{file}");
    assert!(file.contains("<span id=\"L1\">/// New.</span>"), "{file}");
}

#[test]
fn outcomes_of_another_version_are_named() {
    let book = Book::new();
    book.replace(SECTION, "[\"a runs\", \"end\"], ", "");
    book.is_refused(
        &format!("{PAGE}:3: "),
        &["race/recorded/outcomes.toml:2: ", "another version"],
    );
}

#[test]
fn an_outcome_that_breaks_the_contract_is_named_with_its_line() {
    let book = Book::new();
    book.replace(OUTCOMES, "\"b runs\", \"end\"]", "\"end\", \"b runs\"]");
    book.is_refused(
        &format!("{PAGE}:3: "),
        &["race/recorded/outcomes.toml:12: ", "breaks the contract"],
    );
}

#[test]
fn outcomes_that_were_not_recorded_are_named() {
    let book = Book::new();
    fs::remove_file(book.path(OUTCOMES)).unwrap();
    let faults = book.build().unwrap_err();
    assert!(faults[0].starts_with(&format!("{PAGE}:3: ")), "{faults:?}");
    assert!(faults[1].starts_with(&format!("{PAGE}:7: ")), "{faults:?}");
    assert!(faults[1].contains("no outcomes of ch/race; record"));
}

#[test]
fn an_impossible_choice_that_the_contract_accepts_is_named_with_its_line() {
    let book = Book::new();
    book.replace(SECTION, ", [\"b runs\", \"end\"]", "");
    // The recorded outcomes are of another contract now, too.
    fs::remove_file(book.path(OUTCOMES)).unwrap();
    book.replace(SECTION, "recorded = 1\n", "");
    book.replace(PAGE, "{{#outcomes ch/race}}\n\n", "");
    book.is_refused(
        &format!("{PAGE}:3: "),
        &["race/section.toml:14: ", "accepts it"],
    );
}

#[test]
fn a_question_that_is_not_there_is_named() {
    let book = Book::new();
    book.replace(SECTION, "quiz.rust", "quiz.other");
    let words = ["ch/src/race/section.toml", "no [quiz.rust]"];
    book.is_refused(&format!("{PAGE}:3: "), &words);
    let book = Book::new();
    book.replace(SECTION, "because", "becuase");
    let words = ["race/section.toml:15: ", "`becuase`"];
    book.is_refused(&format!("{PAGE}:3: "), &words);
}

#[test]
fn a_diff_of_nothing_or_of_twins_is_named() {
    let book = Book::new();
    book.replace(PAGE, "b.rs: b}}", "b.rs: c}}");
    book.is_refused(&format!("{PAGE}:9: "), &["no item `c`"]);
    book.replace(PAGE, "ch/src/b.rs: c}}", "ch/src/a.rs: a}}");
    book.is_refused(&format!("{PAGE}:9: "), &["the same"]);
    book.replace(PAGE, " | ch/src/a.rs: a}}", "}}");
    book.is_refused(&format!("{PAGE}:9: "), &["two listings"]);
}

#[test]
fn a_number_without_its_source_is_named() {
    let book = Book::new();
    book.replace(PAGE, "It is done.", "It is done in 3 ms.");
    book.is_refused(&format!("{PAGE}:11: "), &["`3 ms`", "{{#value}}"]);
    book.replace(PAGE, "3 ms.", "3 ms. <!-- claim: I saw it -->");
    assert!(book.build().is_ok());
}

#[test]
fn an_output_without_its_run_is_named() {
    let book = Book::new();
    book.replace(PAGE, "It is done.", "It prints <samp>done</samp>.");
    book.is_refused(PAGE, &["does not come from a run"]);
}

#[test]
fn an_output_of_another_command_is_named() {
    let book = Book::new();
    let output = "ch/src/race/recorded/rust.txt";
    book.replace(output, "-- race", "-- race --fast");
    let words = ["race/recorded/rust.txt:1: ", "another command"];
    book.is_refused(&format!("{PAGE}:3: "), &words);
}
