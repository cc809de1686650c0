//! A check that cannot fail is no check: the runner has to find what is broken
//! on purpose in copies of a small workspace.

#![expect(
    clippy::unwrap_used,
    reason = "a copy that cannot be made has failed the test"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

/// A copy of `tests/fixture`, in a folder that has the test's name.
///
/// Cargo knows a package by its path. In a folder of another name each time,
/// every run of a test would leave one more build of its chapter behind.
struct Copy {
    folder: PathBuf,
    /// Another run of the same test waits until this one has ended.
    _lock: File,
}

impl Copy {
    fn new() -> Copy {
        let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copies");
        fs::create_dir_all(&copies).unwrap();
        let test = thread::current().name().unwrap().to_string();
        let lock = File::create(copies.join(format!("{test}.lock"))).unwrap();
        lock.lock().unwrap();
        let folder = copies.join(&test);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&fixture.join("tests/fixture"), &folder);
        for file in ["rustfmt.toml", "book/book.toml"] {
            let from = fixture.join("..").join(file);
            fs::copy(from, folder.join(file)).unwrap();
        }
        copy(&fixture.join("../book/theme"), &folder.join("book/theme"));
        let copy = Copy {
            folder,
            _lock: lock,
        };
        // The chapter depends on this checkout's tour.
        let tour = fixture.join("../crates/tour").canonicalize().unwrap();
        let tour = tour.display().to_string().replace('\\', "/");
        copy.replace("ch01-mini/Cargo.toml", "../../../../crates/tour", &tour);
        // To cargo, packages of one name and version at one place in their
        // workspaces are one: in a shared folder, copies would overwrite each
        // other.
        let version = format!("0.1.0-{}", test.replace('_', "-"));
        copy.replace("ch01-mini/Cargo.toml", "0.1.0", &version);
        // In the versions that this checkout is built of.
        let locked = fixture.join("../Cargo.lock");
        fs::copy(locked, copy.path("Cargo.lock")).unwrap();
        copy.lock();
        copy
    }

    /// Writes what the copy depends on into its lock file.
    fn lock(&self) {
        let mut cargo = Command::new("cargo");
        cargo.args(["update", "--workspace", "--offline"]);
        let locked = cargo.current_dir(&self.folder).output().unwrap();
        assert!(locked.status.success(), "{locked:?}");
    }

    /// Adds lines to the chapter's dependencies.
    #[cfg(unix)]
    fn depends_on(&self, lines: &str) {
        let manifest = self.path("ch01-mini/Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap() + lines;
        fs::write(manifest, text).unwrap();
        self.lock();
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }

    fn test_all(&self) -> Output {
        self.xtask(&["test-all"])
    }

    fn xtask(&self, words: &[&str]) -> Output {
        // Each copy has programs of its own. What they depend on is the same
        // in all, and built once, where this checkout's own builds are.
        let runner = Path::new(env!("CARGO_BIN_EXE_xtask"));
        let built = runner.ancestors().nth(2).unwrap();
        Command::new(runner)
            .arg("--root")
            .arg(&self.folder)
            .args(words)
            .env("CARGO_BUILD_BUILD_DIR", built)
            .env_remove("CARGO_TARGET_DIR")
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
        refuses(&self.test_all(), faults)
    }
}

fn refuses(output: &Output, faults: &[&[&str]]) -> String {
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
    // What a reader meets is a step of it.
    assert!(said.contains("\nas the reader runs it ["), "{said}");
    #[cfg(unix)]
    assert!(said.contains("sections on a terminal, 1 runs"), "{said}");
}

#[test]
fn needs_python3_a_changed_output_twin_or_test_is_named() {
    let copy = Copy::new();
    copy.replace("ch01-mini/src/steady/mod.rs", " two ", " zwei ");
    copy.replace("ch01-mini/src/steady/mod.rs", ".len(), 8", ".len(), 9");
    copy.replace("ch01-mini/src/steady/twin.py", " two ", " deux ");
    // What is said to be impossible, and happened.
    let same =
        "[[quiz.rust.impossible]]\ninstead = { 2 = \"two\" }\nbecause = \"\"";
    let section = "ch01-mini/src/steady/section.toml";
    copy.replace(section, "[run.python]", &format!("{same}\n[run.python]"));
    copy.is_refused_with(&[
        &["steady/recorded/rust.txt", "`zwei`", "`two`"],
        &["ch01-mini: ", "there_are_eight_words"],
        &["steady/recorded/python.txt", "`deux`"],
        &[
            "outcomes of ch01-mini",
            "steady/section.toml:5",
            "accepts it",
        ],
    ]);
}

#[test]
fn a_missing_page_is_named() {
    let copy = Copy::new();
    fs::remove_file(copy.path("ch01-mini/src/steady/page.md")).unwrap();
    // Its first line is the section's title: without it nothing compiles.
    refuses(
        &copy.xtask(&["reader"]),
        &[&["ch01-mini", "couldn't read", "steady/page.md"]],
    );
}

#[test]
fn a_missing_transcript_or_reason_is_named() {
    let copy = Copy::new();
    fs::remove_file(copy.path("ch01-mini/src/steady/recorded/rust.txt"))
        .unwrap();
    // And a dependency without a reason, in a package of the plumbing.
    fs::create_dir_all(copy.path("crates/extra/src")).unwrap();
    fs::write(copy.path("crates/extra/src/lib.rs"), "").unwrap();
    let manifest = "[package]\nname = \"extra\"\nversion = \"0.1.0\"\n\
                    edition = \"2024\"\n\n[dependencies]\n\
                    ch01-mini = { path = \"../../ch01-mini\" }\n";
    fs::write(copy.path("crates/extra/Cargo.toml"), manifest).unwrap();
    let members = "members = [\"crates/extra\", ";
    copy.replace("Cargo.toml", "members = [", members);
    copy.lock();
    copy.is_refused_with(&[
        &["layout of ch01-mini", "steady/recorded/rust.txt is missing"],
        &["has its reason", "crates/extra/Cargo.toml:7: no reason"],
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

/// Returns the files of a copy that are not built, with their texts.
fn sources(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(sources(&path));
        } else if path.is_file() {
            let text = fs::read(&path).unwrap();
            found.insert(path, String::from_utf8_lossy(&text).into_owned());
        }
    }
    found
}

#[test]
fn needs_python3_a_new_section_lacks_only_its_recordings_and_sentences() {
    let copy = Copy::new();
    let before = sources(&copy.folder);
    let new = ["new", "ch01", "tidy-up", "--after", "steady", "--deeper"];
    let output = copy.xtask(&new);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let after = sources(&copy.folder);
    let outside: Vec<&PathBuf> = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text))
        .map(|(path, _)| path)
        .filter(|path| !path.starts_with(copy.path("ch01-mini/src/tidy_up")))
        .collect();
    let table = ["lib.rs", "main.rs"];
    let table = table.map(|file| copy.path(&format!("ch01-mini/src/{file}")));
    assert_eq!(outside, table.iter().collect::<Vec<_>>());

    let test = ["test", "ch01"];
    refuses(
        &copy.xtask(&test),
        &[
            &[
                "layout of ch01-mini",
                "tidy_up/recorded/rust.txt is missing",
            ],
            &["layout of ch01-mini", "tidy_up/page.md:1: # TODO: the API"],
            &["tidy_up/recorded/python.txt", "cargo xtask record"],
        ],
    );
    let output = copy.xtask(&["record", "ch01", "tidy-up"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let stdout = refuses(&copy.xtask(&test), &[&["layout of ch01-mini"]]);
    // What is left is said by one check, and a person has to write all of it.
    let (_, failure) = stdout.split_once("\n  FAIL").unwrap();
    assert!(!failure.contains("\n  FAIL"), "{stdout}");
    let lines = failure.lines().skip(1);
    let lines = lines.take_while(|line| line.starts_with("        "));
    for line in lines {
        assert!(line.contains("tidy_up/") && line.contains("TODO"), "{line}");
    }
    for (path, text) in sources(&copy.path("ch01-mini/src/tidy_up")) {
        fs::write(path, text.replace("TODO: ", "")).unwrap();
    }
    let output = copy.xtask(&test);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // A name that is taken is refused, and nothing is overwritten.
    let output = copy.xtask(&new);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn each_test_that_cannot_run_is_a_skip_and_can_be_denied() {
    let copy = Copy::new();
    let tests = "#[test]\n    fn needs_chromium_once() {}\n\n    \
                 #[test]\n    fn needs_chromium_twice() {}\n\n    #[test]";
    copy.replace("ch01-mini/src/steady/mod.rs", "#[test]", tests);
    let output = copy.xtask(&["test-all", "--deny-skips"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    for test in ["once", "twice"] {
        let skip = format!(
            "\nskipped: ch01-mini: steady::tests::needs_chromium_{test}: \
             no Chromium\n"
        );
        assert!(stdout.contains(&skip), "{stdout}");
    }
    assert!(stdout.contains("\n--deny-skips: "), "{stdout}");
    let summary = stdout.lines().next_back().unwrap_or_default();
    let skips = stdout.matches("\nskipped: ").count();
    let count = format!(" passed, 0 failed, {skips} skipped");
    assert!(summary.ends_with(&count), "{summary}");
}

/// Adds `tests/faults/faults.rs` to the copy, each function as a section.
#[cfg(unix)]
fn with_faults() -> Copy {
    let copy = Copy::new();
    let faults = Path::new(env!("CARGO_MANIFEST_DIR"));
    let faults = faults.join("tests/faults/faults.rs");
    let text = fs::read_to_string(&faults).unwrap();
    fs::copy(&faults, copy.path("ch01-mini/src/faults.rs")).unwrap();
    let library = "ch01-mini/src/lib.rs";
    copy.replace(library, "pub mod", "pub mod faults;\npub mod");
    let names = text.lines().filter_map(|line| {
        let (name, args) = line.strip_prefix("pub fn ")?.split_once('(')?;
        Some((name, args.starts_with("options")))
    });
    let rows: String = names
        .map(|(name, server)| {
            let page = copy.path(&format!("ch01-mini/src/{name}/page.md"));
            fs::create_dir_all(page.parent().unwrap()).unwrap();
            fs::write(page, format!("# {name}\n")).unwrap();
            let run = if server { "with_options" } else { "plain" };
            format!("section!(deeper, {name}, {run}(faults::{name})),\n")
        })
        .collect();
    let main = "ch01-mini/src/main.rs";
    let end = "plain(steady::demo))";
    copy.replace(main, end, &format!("{end},\n{rows}"));
    copy.depends_on(
        "# Options.\nclap = { version = \"4\", default-features = false, \
         features = [\"std\", \"derive\", \"help\", \"usage\"] }\n",
    );
    let needed = "use tour::{Tour, plain, section";
    copy.replace(main, needed, &format!("{needed}, with_options"));
    copy
}

#[cfg(unix)]
#[test]
fn fault_only_seen_on_a_terminal_pipe_or_signal_is_found() {
    let copy = with_faults();
    let on = "on a terminal\n";
    let said = refuses(
        &copy.xtask(&["reader"]),
        &[
            &[
                "panics-on-a-terminal, on a terminal\n",
                "exit status 101; off a terminal exit status 0",
                "no feature for colours",
                "rerun: cargo run -p ch01-mini -- panics-on-a-terminal",
            ],
            &["hides-the-cursor", on, "the cursor stays hidden"],
            &["stays-red", on, "the text's colour stays"],
            &["stops-the-echo", on, "modes differ"],
            &["ends-within-a-line", on, "the prompt would follow \"one\""],
            &["leaves-a-child", on, "left behind: sleep 300"],
            &["leaves-a-child, | head -1", "left behind: sleep 300"],
            &["leaves-a-child, SIGTERM", "left behind: sleep 300"],
            &["prints-a-backtrace", on, "several lines", "on purpose"],
            &[
                "prints-a-backtrace, on a terminal with RUST_BACKTRACE=1",
                "rerun: RUST_BACKTRACE=1 cargo run",
            ],
            &["prints-in-a-destructor, | true", "134"],
            &[
                "prints-in-a-destructor, > /dev/full",
                "134",
                "rerun: cargo run -p ch01-mini -- prints-in-a-destructor > /",
            ],
            &["tells-of-a-closed-pipe, | true", "error: Broken pipe"],
            &[
                "ignores-a-full-disk, > /dev/full",
                "exit status 0, `error:` lines: 0",
            ],
            &["fails-at-ctrl-c, Ctrl-C", "exit status 3"],
            &["deaf-server --port 0, SIGTERM", "cut off"],
            &["mute-server --port 0, Ctrl-C", "without an answer"],
        ],
    );
    // Each fault is where it belongs, and nowhere else.
    let failed: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("  FAIL  "))
        .collect();
    for unharmed in [
        "steady",
        "panics-in-a-line",
        "panics-on-a-terminal, |",
        "hides-the-cursor, |",
        "prints-in-a-destructor, on",
        "tells-of-a-closed-pipe, on",
        "ignores-a-full-disk, |",
        "fails-at-ctrl-c, S",
        "deaf-server --port 0, Ctrl-C",
        "deaf-server --port 0, SIGHUP",
        "deaf-server, ",
    ] {
        let named = failed.iter().find(|line| line.contains(unharmed));
        assert_eq!(named, None, "{said}");
    }
}

/// Gives the chapter a dependency whose feature only the tests of another
/// package turn on.
#[cfg(unix)]
#[test]
fn a_feature_that_only_the_whole_workspace_has_is_found() {
    let copy = Copy::new();
    let package = |name: &str, rest: &str, code: &str| {
        fs::create_dir_all(copy.path(&format!("{name}/src"))).unwrap();
        let head = "version = \"0.1.0\"\nedition = \"2024\"\n";
        let manifest = format!("[package]\nname = \"{name}\"\n{head}{rest}");
        fs::write(copy.path(&format!("{name}/Cargo.toml")), manifest).unwrap();
        fs::write(copy.path(&format!("{name}/src/lib.rs")), code).unwrap();
    };
    package(
        "paint",
        "[features]\ncolour = []\n",
        "#[cfg(feature = \"colour\")]\npub fn red() {}\n\
         pub fn check() {\n    use std::io::IsTerminal;\n    \
         let here = std::io::stdout().is_terminal();\n    \
         assert!(!here || cfg!(feature = \"colour\"), \"no colour\");\n}\n",
    );
    package(
        "other",
        "[dev-dependencies]\n\
         paint = { path = \"../paint\", features = [\"colour\"] }\n",
        "",
    );
    let members = "members = [\"paint\", \"other\", ";
    copy.replace("Cargo.toml", "members = [", members);
    copy.depends_on("# Paints.\npaint = { path = \"../paint\" }\n");

    // What fails at run time, and only on a terminal.
    let module = "ch01-mini/src/steady/mod.rs";
    let begin = "pub fn demo() {\n";
    copy.replace(module, begin, &format!("{begin}    paint::check();\n"));
    let said = refuses(
        &copy.xtask(&["reader"]),
        &[&["ch01-mini steady, on a terminal\n", "101", "no colour"]],
    );
    assert!(
        said.contains("is built alone, without paint's colour"),
        "{said}"
    );
    // What the whole workspace compiles, with its tests.
    copy.replace(module, "paint::check", "paint::red");
    refuses(
        &copy.xtask(&["reader"]),
        &[&["cargo build -p ch01-mini", "cannot find function `red`"]],
    );
}
