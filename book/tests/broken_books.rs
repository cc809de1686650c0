//! A check that cannot fail is no check: each test breaks a small book in one
//! place, and the builder has to name that place.

#![expect(
    clippy::unwrap_used,
    reason = "a book that cannot be written has failed the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use artifacts::room::Room;
use artifacts::source_hash::source_hash;
use tempfile::TempDir;

/// A workspace with one chapter of one section, and a book about it.
const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"ch\"]\n",
    ),
    (
        "ch/Cargo.toml",
        "[package]\nname = \"ch\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    ),
    (
        "ch/src/main.rs",
        "fn main() {\n    println!(\"greet\\tIt greets\");\n}\n",
    ),
    (
        "ch/src/greet/mod.rs",
        "//! Greets.\n\n/// Says hello.\npub fn greet() {\n    todo!()\n}\n",
    ),
    (
        "ch/src/greet/twin.py",
        "def greet():\n    print(\"hello\")\n",
    ),
    (
        "ch/src/greet/recorded/rust.txt",
        "cargo run -p ch -- greet\nhello <script>alert(1)</script>\n\n3 times\n",
    ),
    (
        "ch/src/greet/section.toml",
        "[run.rust]\ncontract = \"pattern\"\n\
         lines = [\"hello {}\", \"\", \"{n} times\"]\n\n\
         [schedules]\ncommand = \"cargo run --example schedules\"\n         note = \"All.\"\n",
    ),
    (
        "ch/src/greet/recorded/schedules.json",
        r#"{"version":2,"file":"ch/src/greet/mod.rs",
            "source":"ff57d29ecca2edf8","threads":["main","left"],"programs":[
            {"name":"one","shared":["a"],"schedules":1,"histories":1,"wrong":0,
            "outcomes":[{"text":"done","schedules":1,"histories":1}],"shown":[
            {"outcome":0,"schedules":1,
            "start":[{"object":0,"now":{"is":"0"}}],"steps":[
            {"thread":1,"line":5,"op":{"store":"1"},
            "changes":[{"object":0,"now":{"is":"1"}}]}]}]}]}"#,
    ),
    (
        "ch/measurements/speed.json",
        r#"{"what": "a", "command": "cargo bench", "date": "2026-11-22",
            "machine": "m", "unit": "s",
            "rows": [{"key": "k", "label": "l", "median": 1.5}]}"#,
    ),
    (
        "book/pages/SUMMARY.md",
        "# Summary\n\n[Contracts](contracts.md)\n\n- [Ch](../../ch/page.md)\n",
    ),
    (
        "book/pages/contracts.md",
        "# Contracts\n\n## pattern\n\nVaries.\n",
    ),
    ("ch/page.md", "# Chapter\n\nIt has one section.\n"),
    (
        "ch/src/greet/page.md",
        "# Greet\n\n\
         See [contracts](../../../book/pages/contracts.md#pattern).\n\n\
         {{#pair ch/src/greet/twin.py: greet | ch/src/greet/mod.rs: greet}}\n\n\
         {{#run ch/greet}}\n\n\
         {{#measured ch/speed}}\n\n\
         It takes {{#value ch/speed k.median}}.\n\n\
         ## What to notice\n\nIt greets.\n\n## What it costs\n\nLittle.\n\n\
         ## Try this\n\n- Greet.\n\n## Sources\n\n- None.\n",
    ),
];

struct Book {
    folder: TempDir,
}

impl Book {
    fn new() -> Book {
        let book = Book {
            folder: tempfile::tempdir().unwrap(),
        };
        for (file, text) in FILES {
            book.write(file, text);
        }
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        for file in [
            "book.toml",
            "theme/accessibility.css",
            "theme/figures.css",
            "theme/look.css",
            "theme/outcomes.css",
            "theme/keyboard.js",
            "theme/timelines.css",
            "theme/terminal.js",
            "theme/stepper.js",
        ] {
            let text = fs::read_to_string(home.join(file)).unwrap();
            book.write(&format!("book/{file}"), &text);
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
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        self.write(file, &text.replace(from, to));
    }

    fn build(&self) -> Result<usize, Vec<String>> {
        book::build(self.folder.path(), &self.path("out"))
            .map(|built| built.pages)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    /// Asserts that there is one fault, at `place`, which says all `words`.
    fn is_refused(&self, place: &str, words: &[&str]) {
        let faults = self.build().unwrap_err();
        let [fault] = &faults[..] else {
            panic!("not one fault: {faults:#?}");
        };
        assert!(fault.starts_with(place), "{fault}");
        for word in words {
            assert!(fault.contains(word), "{fault}");
        }
    }
}

/// The recorded output, and what is promised of it.
const OUTPUT: &str = "ch/src/greet/recorded/rust.txt";
const SECTION: &str = "ch/src/greet/section.toml";

const PAGE: &str = "ch/src/greet/page.md";

#[test]
fn the_unbroken_book_is_built_with_what_was_printed() {
    let book = Book::new();
    assert_eq!(book.build(), Ok(3));
    let html = fs::read_to_string(book.path("out/ch/greet.html")).unwrap();
    assert!(!html.contains("<script>alert"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(html.contains("href=\"../contracts.html#pattern\""));
    assert!(html.contains("It takes 1.50\u{a0}s."));
    // The blank line of the output has not ended its figure.
    assert!(html.contains(">3</mark> times"), "{html}");
}

#[test]
fn a_chapter_lists_its_own_sections() {
    let book = Book::new();
    book.replace(PAGE, "{{#run ch/greet}}", "{{#sections ch}}");
    assert_eq!(book.build(), Ok(3));
    let html = fs::read_to_string(book.path("out/ch/greet.html")).unwrap();
    assert!(html.contains("<td>Greet</td>"), "{html}");
    assert!(html.contains("<code>ch/src/greet</code>"), "{html}");
}

#[test]
fn a_misspelt_item_is_named() {
    let book = Book::new();
    book.replace(PAGE, "rs: greet}}", "rs: gret}}");
    book.is_refused(&format!("{PAGE}:5: "), &["`gret`", "mean `greet`"]);
}

#[test]
fn a_missing_file_is_named() {
    let book = Book::new();
    book.replace(PAGE, "greet/mod.rs", "greet/no.rs");
    book.is_refused(&format!("{PAGE}:5: "), &["ch/src/greet/no.rs"]);
}

#[test]
fn a_missing_page_is_named_by_the_line_that_wants_it() {
    let book = Book::new();
    fs::remove_file(book.path("book/pages/contracts.md")).unwrap();
    let faults = book.build().unwrap_err();
    let place = "book/pages/SUMMARY.md:3: ";
    assert!(faults[0].starts_with(place), "{faults:?}");
    assert!(faults[0].contains("contracts.md"), "{faults:?}");
}

#[test]
fn a_page_that_nothing_links_is_named() {
    let book = Book::new();
    book.write("book/pages/lost.md", "# Lost\n");
    book.is_refused("book/pages/lost.md: ", &["SUMMARY.md"]);
}

#[test]
fn a_dead_link_is_named() {
    let book = Book::new();
    book.replace(PAGE, "contracts.md#pattern", "contract.md");
    book.is_refused(&format!("{PAGE}:3: "), &["dead link"]);
}

#[test]
fn a_dead_anchor_is_named() {
    let book = Book::new();
    book.replace(PAGE, "contracts.md#pattern", "contracts.md#patern");
    book.is_refused(&format!("{PAGE}:3: "), &["dead anchor", "#patern"]);
}

#[test]
fn pasted_output_is_named() {
    let book = Book::new();
    book.replace(PAGE, "{{#run ch/greet}}", "```text\nhello\n```");
    book.is_refused(&format!("{PAGE}:7: "), &["`{{#run}}`"]);
}

#[test]
fn a_missing_transcript_is_named() {
    let book = Book::new();
    fs::remove_file(book.path(OUTPUT)).unwrap();
    let place = format!("{PAGE}:7: ");
    book.is_refused(&place, &[OUTPUT]);
}

#[test]
fn a_transcript_without_output_is_named() {
    let book = Book::new();
    book.write(OUTPUT, "cargo run -p ch -- greet\n");
    let place = format!("{PAGE}:7: ");
    book.is_refused(&place, &[OUTPUT, "record"]);
}

#[test]
fn a_bad_contract_is_named_with_its_line() {
    let book = Book::new();
    book.replace(SECTION, "\"pattern\"", "\"patern\"");
    let place = format!("{PAGE}:7: ");
    book.is_refused(&place, &["ch/src/greet/section.toml:2: ", "patern"]);
}

#[test]
fn a_transcript_that_breaks_its_pattern_is_named_with_its_line() {
    let book = Book::new();
    book.replace(OUTPUT, "3 times", "three times");
    let place = format!("{PAGE}:7: ");
    book.is_refused(&place, &["greet/recorded/rust.txt:4: ", "three"]);
}

const SCHEDULES: &str = "ch/src/greet/recorded/schedules.json";

/// Puts the recorded schedules on the page, at line 7.
fn with_schedules() -> Book {
    let book = Book::new();
    book.replace(PAGE, "{{#run ch/greet}}", "{{#schedules ch/greet}}");
    let contracts = "book/pages/contracts.md";
    book.replace(contracts, "Varies.", "Varies.\n\n## exact\n\nDoes not.");
    book
}

#[test]
fn recorded_schedules_are_tables() {
    let book = with_schedules();
    assert_eq!(book.build(), Ok(3));
    let html = fs::read_to_string(book.path("out/ch/greet.html")).unwrap();
    assert!(html.contains(">stores 1<i>, line 5<"), "{html}");
    assert!(html.contains("<span data-row=\"5\">5</span>"), "{html}");
}

#[test]
fn a_link_leads_to_a_step_that_there_is() {
    let book = with_schedules();
    book.replace(PAGE, "It takes", "[Look](#greet:1.1). It takes");
    assert_eq!(book.build(), Ok(3));
    book.replace(PAGE, "#greet:1.1", "#greet:1.2");
    book.is_refused(&format!("{PAGE}:11: "), &["dead anchor", "greet:1.2"]);
}

#[test]
fn the_books_own_scripts_weigh_less_than_ten_kilobytes() {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("theme");
    let mut weight = 0;
    for file in fs::read_dir(theme).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "js") {
            weight += fs::read(path).unwrap().len();
        }
    }
    assert!((1..10_240).contains(&weight), "{weight} bytes");
}

#[test]
fn schedules_of_another_version_are_named_with_their_line() {
    let book = with_schedules();
    book.replace(SCHEDULES, "\"version\":2", "\"version\":1");
    let words = ["greet/recorded/schedules.json:1: ", "version 1", "record"];
    book.is_refused(&format!("{PAGE}:7: "), &words);
}

#[test]
fn schedules_of_an_older_source_are_named() {
    let book = with_schedules();
    // The same lines, and not the same program.
    book.replace("ch/src/greet/mod.rs", "todo!()", "panic!()");
    let words = ["greet/recorded/schedules.json: ", "greet/mod.rs", "record"];
    book.is_refused(&format!("{PAGE}:7: "), &words);
}

#[test]
fn schedules_that_were_not_recorded_are_named() {
    let book = with_schedules();
    fs::remove_file(book.path(SCHEDULES)).unwrap();
    book.is_refused(&format!("{PAGE}:7: "), &[SCHEDULES]);
}

#[test]
fn schedules_without_a_command_are_named() {
    let book = with_schedules();
    book.replace(SECTION, "[schedules]", "[run.schedules]");
    let words = ["ch/src/greet/section.toml: ", "no [schedules]"];
    book.is_refused(&format!("{PAGE}:7: "), &words);
}

#[test]
fn a_step_that_the_book_cannot_show_is_named() {
    let book = with_schedules();
    book.replace(SCHEDULES, "\"thread\":1", "\"thread\":2");
    let words = ["schedules.json:1: ", "order 0: there is no thread 2"];
    book.is_refused(&format!("{PAGE}:7: "), &words);
    let book = with_schedules();
    book.replace(SCHEDULES, "{\"store\":", "{\"stores\":");
    let words = ["schedules.json:7: ", "stores"];
    book.is_refused(&format!("{PAGE}:7: "), &words);
    let book = with_schedules();
    // The file has six lines.
    book.replace(SCHEDULES, "\"line\":5", "\"line\":7");
    let words = ["schedules.json: ", "line 7"];
    book.is_refused(&format!("{PAGE}:7: "), &words);
}

#[test]
fn a_bad_record_is_named() {
    let book = Book::new();
    book.replace("ch/measurements/speed.json", "\"machine\": \"m\",", "");
    let faults = book.build().unwrap_err();
    assert!(faults[0].starts_with(&format!("{PAGE}:9: ")), "{faults:?}");
    assert!(faults[0].contains("speed.json: missing field `machine`"));
    assert!(faults[1].starts_with(&format!("{PAGE}:11: ")), "{faults:?}");
}

#[test]
fn a_warning_of_mdbook_fails_the_build() {
    let book = Book::new();
    // An unclosed tag, which mdBook logs and builds.
    book.replace(PAGE, "It takes", "<div>\n\nIt takes");
    let faults = book.build().unwrap_err();
    assert!(faults[0].starts_with("book/book.toml: "), "{faults:?}");
    assert!(faults[0].contains("div"), "{faults:?}");
}

const TRACE: &str = "ch/src/greet/recorded/rust.trace";
const CAST: &str = "ch/src/greet/recorded/rust.cast";

/// A book with a timeline in line 13 and a terminal in line 15.
fn recorded() -> Book {
    let book = Book::new();
    let room = Room::new(book.folder.path(), "ch", "greet");
    let stamp = source_hash(&room).unwrap();
    book.write(
        TRACE,
        &format!(
            "cargo run -p ch --example ch_timelines -- greet\nversion 1\n\
             section {stamp}\nclock real\nrecorded 2026-11-22, m\n\
             0.0 a waits\n0.0 b holds\n5.0 b ends\n5.0 a holds <i>\n\
             9.0 a ends\n"
        ),
    );
    book.replace(
        SECTION,
        "[schedules]",
        "[timeline.rust]\ncommand = \"cargo run -p ch --example ch_timelines -- \
         greet\"\nlanes = [\"a\", \"b\"]\nrules = [\"at most 1 holds\"]\n\n\
         [schedules]",
    );
    book.write(
        CAST,
        &format!(
            "{{\"version\":2,\"width\":72,\"height\":24,\
             \"command\":\"cargo run -p ch -- greet\",\
             \"section\":\"{stamp}\",\"recorded\":\"2026-11-22, m\"}}\n\
             [0.1,\"o\",\"wait\\r\"]\n[0.9,\"o\",\"<b>hello\\r\\n\"]\n"
        ),
    );
    book.replace(
        PAGE,
        "k.median}}.\n",
        "k.median}}.\n\n{{#timeline ch/greet}}\n\n{{#terminal ch/greet}}\n",
    );
    book
}

#[test]
fn what_moves_is_drawn_and_listed_from_what_was_recorded() {
    let book = recorded();
    assert_eq!(book.build(), Ok(3));
    let html = fs::read_to_string(book.path("out/ch/greet.html")).unwrap();
    assert!(html.contains("<title>Timeline of a, b</title>"), "{html}");
    assert!(html.contains("Recorded on 2026-11-22, m."));
    assert!(html.contains("always at most 1 holds"));
    assert_eq!(html.matches("<li data-ms=").count(), 2);
    assert!(html.contains("&lt;b&gt;hello") && html.contains("&lt;i&gt;"));
}

#[test]
fn a_timeline_or_recording_of_another_version_is_named() {
    let book = recorded();
    let source = "ch/src/greet/mod.rs";
    book.replace(source, "todo!()", "unimplemented!()");
    let faults = book.build().unwrap_err();
    let how = "`cargo xtask record ch greet --timelines`";
    for (fault, line, file) in [
        (&faults[0], 13, format!("{TRACE}:3: ")),
        (&faults[1], 15, format!("{CAST}:1: ")),
    ] {
        assert!(fault.starts_with(&format!("{PAGE}:{line}: ")), "{fault}");
        assert!(fault.contains(&file) && fault.contains(how), "{fault}");
    }
    // A comment is no other version.
    book.replace(source, "unimplemented!()", "// Later.\n    todo!()");
    assert_eq!(book.build(), Ok(3));
}

#[test]
fn a_trace_of_another_format_is_named_with_its_line() {
    let book = recorded();
    book.replace(TRACE, "version 1", "version 0");
    let place = format!("{PAGE}:13: ");
    book.is_refused(&place, &["greet/recorded/rust.trace:2: ", "version 0"]);
}

#[test]
fn a_trace_that_breaks_its_rule_is_named() {
    let book = recorded();
    book.replace(TRACE, "5.0 b ends\n5.0 a holds", "5.0 a holds\n5.1 b ends");
    let place = format!("{PAGE}:13: ");
    book.is_refused(&place, &["at most 1 holds", "2 at once"]);
}

#[test]
fn an_event_that_is_none_is_named_with_its_line() {
    let book = recorded();
    book.replace(TRACE, "9.0 a ends", "9.0 a rests");
    let place = format!("{PAGE}:13: ");
    book.is_refused(&place, &["greet/recorded/rust.trace:10: ", "`rests`"]);
}

#[test]
fn a_timeline_or_recording_that_is_not_there_is_named() {
    let book = recorded();
    book.replace(PAGE, "#timeline ch/greet", "#timeline ch/greed");
    book.is_refused(
        &format!("{PAGE}:13: "),
        &["ch/src/greed/recorded/rust.trace"],
    );
    let book = recorded();
    book.replace(PAGE, "#terminal ch/greet", "#terminal ch/greed.a");
    book.is_refused(&format!("{PAGE}:15: "), &["ch/src/greed/recorded/a.cast"]);
}

#[test]
fn a_recording_that_is_none_is_named_with_its_line() {
    let book = recorded();
    book.replace(CAST, "[0.9,", "[0.05,");
    let place = format!("{PAGE}:15: ");
    book.is_refused(
        &place,
        &["greet/recorded/rust.cast:3: ", "no later write"],
    );
}

#[test]
fn a_folder_that_is_not_a_book_is_refused() {
    let book = Book::new();
    book.write("out/precious.txt", "x");
    let faults = book.build().unwrap_err();
    assert!(faults[0].contains("is no book"), "{faults:?}");
    assert!(book.path("out/precious.txt").exists());
}

/// The map of the small book: one program, which its section answers.
const MAP: &str = "[[source]]\ntitle = \"A talk\"\nshort = \"talk\"\n\
                   cited = [\"A Talk\"]\nparts = [\"7\"]\n\
                   program = [\n    { what = \"A greeting\", \
                   answered_by = [\"ch/greet\"] },\n]\n";

const MAP_FILE: &str = "book/data/programs.toml";

fn with_map() -> Book {
    let book = Book::new();
    book.write(MAP_FILE, MAP);
    book.replace(PAGE, "It takes", "{{#map sources}}\n\nIt takes");
    book.replace(PAGE, "- None.", "- *A Talk*, parts 6 to 8.");
    book
}

#[test]
fn an_answer_whose_page_does_not_name_the_program_is_named() {
    for sources in ["*A Talk*, part 6", "*Another*, part 7"] {
        let book = with_map();
        book.replace(PAGE, "*A Talk*, parts 6 to 8", sources);
        let words = ["ch/greet does not name talk", "`A greeting`"];
        book.is_refused("book/data/programs.toml:7: ", &words);
    }
    let book = with_map();
    book.replace(MAP_FILE, "parts =", "edition = \"2nd ed.\"\nparts =");
    let other = "*A Talk*, 2nd ed., ch. 3, and 1st ed., ch. 7";
    book.replace(PAGE, "*A Talk*, parts 6 to 8", other);
    book.is_refused("book/data/programs.toml:8: ", &["does not name talk"]);
}

#[test]
fn a_map_is_shown_from_both_sides() {
    let book = with_map();
    book.replace(PAGE, "It takes", "{{#map sections}}\n\nIt takes");
    assert_eq!(book.build(), Ok(3));
    let html = fs::read_to_string(book.path("out/ch/greet.html")).unwrap();
    assert!(html.contains("<td>A greeting</td>"), "{html}");
    assert!(html.contains("A greeting (talk)"), "{html}");
    assert!(html.contains("1 programs, experiments and claims: 1 are"));
}

#[test]
fn a_section_that_the_map_misspells_is_named_with_its_line() {
    let book = with_map();
    book.replace(MAP_FILE, "[\"ch/greet\"]", "[\"ch/greet\", \"ch/gret\"]");
    book.is_refused(
        "book/data/programs.toml:7: ",
        &["no page `ch/gret`", "`ch/greet`"],
    );
}

#[test]
fn a_program_without_an_answer_is_named_with_its_line() {
    let book = with_map();
    let more = "\"ch/greet\"] },\n    { what = \"A farewell\" },";
    book.replace(MAP_FILE, "\"ch/greet\"] },", more);
    let words = ["`A farewell`", "no `why_not`"];
    book.is_refused("book/data/programs.toml:8: ", &words);
}

#[test]
fn a_section_that_no_program_names_is_our_own() {
    let book = with_map();
    book.replace(PAGE, "It takes", "{{#map sections}}\n\nIt takes");
    book.replace(
        MAP_FILE,
        "answered_by = [\"ch/greet\"]",
        "why_not = \"because\"",
    );
    assert_eq!(book.build(), Ok(3));
    let html = fs::read_to_string(book.path("out/ch/greet.html")).unwrap();
    assert!(html.contains("<em>our own</em>"), "{html}");
}

#[test]
fn a_map_that_is_no_map_is_named_with_its_line() {
    let book = with_map();
    book.replace(MAP_FILE, "short", "shrt");
    book.is_refused("book/data/programs.toml:3: ", &["shrt"]);
}

const GLOSSARY: &str = "term = [\n    { python = [\"asyncio.gather\"], rust = \
                        [\"join_all\"], note = \"Waits.\", \
                        see = [\"ch/greet\"] },\n]\n";

const GLOSSARY_FILE: &str = "book/data/glossary.toml";

fn with_glossary() -> Book {
    let book = Book::new();
    book.write(GLOSSARY_FILE, GLOSSARY);
    let summary = "book/pages/SUMMARY.md";
    book.replace(summary, "- [Ch]", "[Words](words.md)\n\n- [Ch]");
    let both = "# Words\n\n{{#glossary python}}\n";
    book.write("book/pages/words.md", both);
    book
}

#[test]
fn a_glossary_is_shown_with_its_sections() {
    let book = with_glossary();
    assert_eq!(book.build(), Ok(4));
    let html = fs::read_to_string(book.path("out/words.html")).unwrap();
    assert!(html.contains("<code>asyncio.gather</code>"), "{html}");
    assert!(html.contains("ch/greet.html"), "{html}");
}

#[test]
fn a_row_whose_section_runs_nothing_is_named_with_its_line() {
    let book = with_glossary();
    book.replace(PAGE, "{{#run ch/greet}}", "It ran.");
    book.is_refused("book/data/glossary.toml:2: ", &["runs nothing"]);
}

#[test]
fn a_row_without_words_is_named_with_its_line() {
    let book = with_glossary();
    book.replace(GLOSSARY_FILE, "\"asyncio.gather\"", "");
    book.replace(GLOSSARY_FILE, "\"join_all\"", "");
    book.is_refused("book/data/glossary.toml:2: ", &["without a word"]);
}

#[test]
fn a_glossary_that_no_page_shows_is_named() {
    let book = with_glossary();
    book.write("book/pages/words.md", "# Words\n");
    book.is_refused("book/data/glossary.toml: ", &["no page shows it"]);
}

/// A second section, which introduces what the first one may use too early.
fn with_terms() -> Book {
    let book = with_glossary();
    let concept = "concept = [\n    { name = \"Waker\", forms = [\"`Waker`\", \
                   \"wakes\"], page = \"ch/wake\", says = \"It wakes.\" },\n]\n";
    book.write(GLOSSARY_FILE, &format!("{GLOSSARY}{concept}"));
    let list = "println!(\"greet\\tIt greets\\nwake\\tIt wakes\");";
    let main = "ch/src/main.rs";
    book.replace(main, "println!(\"greet\\tIt greets\");", list);
    let page = fs::read_to_string(book.path(PAGE)).unwrap();
    let page = page.replace("# Greet", "# Wake");
    let page = page.replace("It greets.", "A `Waker` is a handle.");
    book.write("ch/src/wake/page.md", &page);
    book
}

#[test]
fn a_term_that_the_core_uses_too_early_is_named_with_its_line() {
    let book = with_terms();
    assert_eq!(book.build(), Ok(5));
    for early in ["A `Waker` greets.", "It wakes.", "A std::Waker here."] {
        let book = with_terms();
        book.replace(PAGE, "It greets.", early);
        let words = ["uses `Waker`", "ch/wake.md"];
        book.is_refused(&format!("{PAGE}:15: "), &words);
        // A link to the page that introduces it is enough.
        let linked = format!("{early} [There](../wake/page.md).");
        book.replace(PAGE, early, &linked);
        assert_eq!(book.build(), Ok(5));
    }
}

#[test]
fn a_term_that_a_listing_uses_too_early_is_named_with_its_line() {
    let book = with_terms();
    let source = "ch/src/greet/mod.rs";
    book.replace(source, "    todo!()", "    Waker::noop();");
    book.is_refused(&format!("{PAGE}:5: "), &["uses `Waker`"]);
    // Python's words are not Rust's.
    let book = with_terms();
    book.replace("ch/src/greet/twin.py", "print(", "x.Waker(");
    assert_eq!(book.build(), Ok(5));
}

#[test]
fn a_term_that_its_page_does_not_mention_is_named() {
    let book = with_terms();
    book.replace("ch/src/wake/page.md", "`Waker`", "thing");
    let words = ["does not mention `Waker`"];
    book.is_refused("ch/src/wake/page.md: ", &words);
    let book = with_terms();
    book.replace(GLOSSARY_FILE, "\"ch/wake\"", "\"ch/wakes\"");
    book.is_refused("book/data/glossary.toml:5: ", &["no page `ch/wakes`"]);
}

#[test]
fn an_exemption_that_nothing_needs_is_named() {
    let book = with_terms();
    let exempt = "says = \"It wakes.\", exempt = { \"ch/greet\" = \"b\" } }";
    book.replace(GLOSSARY_FILE, "says = \"It wakes.\" }", exempt);
    book.is_refused("book/data/glossary.toml: ", &["needs no exemption"]);
    book.replace(PAGE, "It greets.", "A `Waker` greets.");
    assert_eq!(book.build(), Ok(5));
}

#[test]
fn a_sentence_without_an_actor_is_named_with_its_line() {
    let book = Book::new();
    for (file, line) in [
        ("ch/src/greet/mod.rs", 3),
        ("book/data/words.toml", 1),
        ("README.md", 1),
        (PAGE, 15),
    ] {
        let old = fs::read_to_string(book.path(file)).unwrap_or_default();
        // Split, because this file is held to it, too.
        let wrong = ["No", "body"].concat();
        let new = match file {
            PAGE => old.replace("It greets.", &format!("{wrong} greets.")),
            _ => old.replace("Says hello", &wrong),
        };
        let new = if old.is_empty() { wrong } else { new };
        book.write(file, &new);
        book.is_refused(&format!("{file}:{line}: "), &["name the thread"]);
        match old.is_empty() {
            true => fs::remove_file(book.path(file)).unwrap(),
            false => book.write(file, &old),
        }
    }
}

#[test]
fn a_page_without_one_of_its_parts_is_named() {
    let book = Book::new();
    book.replace(PAGE, "## Try this", "## Try that");
    book.is_refused(&format!("{PAGE}: "), &["no `## Try this`"]);
}

#[test]
fn a_figure_whose_unit_is_said_twice_is_named() {
    let book = Book::new();
    book.replace(PAGE, "k.median}}.", "k.median}} s.");
    book.is_refused(&format!("{PAGE}:11: "), &["says `s` itself"]);
}

#[test]
fn a_wall_of_text_is_named_with_its_line() {
    let book = Book::new();
    let words = format!("{}\n", "Five words make a line. ".repeat(25));
    book.replace(PAGE, "It greets.\n", &words);
    book.is_refused(&format!("{PAGE}:15: "), &["125 words"]);
}

#[test]
fn a_chapter_that_would_have_another_number_is_named() {
    let book = Book::new();
    book.write("ch02-x/page.md", "# X\n");
    let manifest = fs::read_to_string(book.path("ch/Cargo.toml")).unwrap();
    let manifest = manifest.replace("\"ch\"", "\"ch02-x\"");
    book.write("ch02-x/Cargo.toml", &manifest);
    book.write("ch02-x/src/main.rs", "fn main() {}\n");
    book.replace("Cargo.toml", "\"ch\"", "\"ch\", \"ch02-x\"");
    let summary = "book/pages/SUMMARY.md";
    book.replace(summary, "- [Ch]", "- [X](../../ch02-x/page.md)\n- [Ch]");
    book.is_refused(&format!("{summary}:5: "), &["would be chapter 1"]);
}
