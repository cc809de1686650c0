//! The live book in a real browser: the pages of all chapters, run, edited and
//! solved.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use subprocess::browser::Browser;
use tempfile::TempDir;

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the checkout")
}

/// Builds the book, once for all tests; returns its folder.
fn book() -> &'static Path {
    static BOOK: OnceLock<PathBuf> = OnceLock::new();
    BOOK.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live-book");
        if let Err(faults) = book::build(&root(), &out) {
            panic!("{faults:#?}");
        }
        out
    })
}

/// A server of this checkout, with the files of a reader of its own.
struct Server {
    process: Child,
    url: String,
    reader: TempDir,
}

impl Server {
    fn start() -> Server {
        Server::of(tempfile::tempdir().expect("a folder"))
    }

    fn of(reader: TempDir) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_live"))
            .arg("--root")
            .arg(root())
            .arg("--book")
            .arg(book())
            .arg("--edits")
            .arg(reader.path())
            .env("EXERCISES_YOURS", reader.path().join("yours"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server");
        let stdout = process.stdout.take().expect("a pipe");
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url).expect("a line");
        let url = url.trim().to_string();
        Server {
            process,
            url,
            reader,
        }
    }

    fn end(&mut self) {
        let id = self.process.id().to_string();
        Command::new("kill").arg(id).status().expect("kill");
        self.process.wait().expect("its end");
    }

    /// Opens a page and waits until all of it is alive.
    fn open(&self, browser: &mut Browser, page: &str) {
        browser.open(&format!("{}{page}", self.url));
        browser.wait_for(
            "document.documentElement.classList.contains('live-ready')",
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// Clicks on the first button below `place` whose words begin so.
fn click(browser: &mut Browser, place: &str, words: &str) {
    let found = browser.value(&format!(
        "(() => {{
            const all = document.querySelectorAll({});
            const button = [...all].flatMap((e) => [...e.querySelectorAll('button')])
                .find((b) => b.textContent.startsWith({}));
            button?.click();
            return Boolean(button);
        }})()",
        json!(place),
        json!(words)
    ));
    assert_eq!(found, true, "{words} in {place}");
}

/// Clicks, and waits for the verdict there.
fn verdict(browser: &mut Browser, place: &str, words: &str) -> String {
    click(browser, place, words);
    let verdict = format!("{place} .live-verdict:not([hidden])");
    let verdict = format!("document.querySelector({})", json!(verdict));
    browser.wait_for(&format!("Boolean({verdict})"));
    let text = browser.value(&format!("{verdict}.textContent"));
    text.as_str().unwrap_or_default().to_string()
}

/// Opens the editor of the first listing of a file with this ending.
fn edit(browser: &mut Browser, ending: &str) {
    let opened = browser.value(&format!(
        "(() => {{
            const link = document.querySelector('figure.listing a[href*={}]');
            const edit = link?.closest('figcaption').querySelector('.live-edit');
            edit?.click();
            return Boolean(edit);
        }})()",
        json!(format!("{ending}.html"))
    ));
    assert_eq!(opened, true, "{ending}");
    browser.wait_for("Boolean(document.querySelector('.ace_content'))");
}

/// Replaces a word of the text in the editor.
fn replace(browser: &mut Browser, from: &str, to: &str) {
    let text = text(browser);
    assert!(text.contains(from), "no `{from}` in\n{text}");
    set(browser, &text.replace(from, to));
}

const EDITOR: &str = "ace.edit(document.querySelector('.live-editor'))";

fn text(browser: &mut Browser) -> String {
    let text = browser.value(&format!("{EDITOR}.getValue()"));
    text.as_str().unwrap_or_default().to_string()
}

fn set(browser: &mut Browser, text: &str) {
    browser.value(&format!("{EDITOR}.setValue({}, -1)", json!(text)));
}

fn text_of(browser: &mut Browser, selector: &str) -> String {
    let text =
        format!("document.querySelector({})?.textContent", json!(selector));
    browser
        .value(&text)
        .as_str()
        .unwrap_or_default()
        .to_string()
}

#[test]
fn the_static_pages_have_nothing_of_the_live_book() {
    for page in ["ch01-threads/spawn.html", "exercises/ch01/visitors.html"] {
        let html = fs::read_to_string(book().join(page)).expect(page);
        for word in ["_live", "live-", "ace"] {
            let bare = html.replace("replace", "").replace("interface", "");
            assert!(!bare.contains(&format!("\"{word}")), "{page}: {word}");
        }
        assert!(!html.contains("ace.js"), "{page}");
    }
}

#[test]
fn needs_chromium_every_chapter_runs_and_edits() {
    let server = Server::start();
    for (page, from, to) in [
        ("ch01-threads/spawn", "main: spawned", "main: began"),
        ("ch02-processes/kill", "println!(\"", "println!(\"> "),
        (
            "ch03-generators/subroutines",
            "println!(\"",
            "println!(\"> ",
        ),
        ("ch04-async/timeout", "println!(\"", "println!(\"> "),
        ("ch05-servers/panics", "println!(\"", "println!(\"> "),
    ] {
        Browser::shared(|browser| {
            server.open(browser, &format!("{page}.html"));
            let rust = "figure.run";
            let kept = verdict(browser, rust, "Run");
            assert!(kept.starts_with("kept: "), "{page}: {kept}");
            edit(browser, "mod.rs");
            replace(browser, from, to);
            let broken = verdict(browser, ".live-box", "Run");
            assert!(broken.starts_with("broken: "), "{page}: {broken}");
            click(browser, ".live-box", "Show what I changed");
            browser.wait_for(
                "Boolean(document.querySelector('.live-diff .live-added'))",
            );
            assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
        });
    }
}

#[test]
fn needs_chromium_an_edit_survives_a_reload_and_a_restart_until_reset() {
    let mut server = Server::start();
    Browser::shared(|browser| {
        let page = "ch01-threads/spawn.html";
        server.open(browser, page);
        edit(browser, "mod.rs");
        replace(browser, "main: spawned", "main: began");
        browser.wait_for(
            "document.querySelector('.live-saved').textContent.includes('kept')",
        );
        server.open(browser, page);
        let marked = "[...document.querySelectorAll('.live-edit')]
            .filter((b) => b.textContent.includes('changed')).length";
        assert!(browser.value(marked).as_u64() > Some(0));
        server.end();
        let gone = "!document.querySelector('.live-gone').hidden";
        browser.wait_for(gone);
        let folder = std::mem::replace(
            &mut server.reader,
            tempfile::tempdir().expect("a folder"),
        );
        server = Server::of(folder);
        server.open(browser, page);
        edit(browser, "mod.rs");
        assert!(text(browser).contains("main: began"));
        // As a reader who is asked, and says yes.
        browser.value("window.confirm = () => true");
        click(browser, ".live-box", "Reset");
        browser.wait_for(&format!(
            "{EDITOR}.getValue().includes('main: spawned')"
        ));
        assert_eq!(browser.value(marked), 0);
    });
}

#[test]
fn needs_chromium_the_compilers_words_stand_at_their_lines() {
    let server = Server::start();
    Browser::shared(|browser| {
        server.open(browser, "ch01-threads/spawn.html");
        edit(browser, "mod.rs");
        replace(browser, "adder.join()", "adder.joyn()");
        let says = verdict(browser, ".live-box", "Run");
        assert!(says.starts_with("it does not build: "), "{says}");
        let marks = browser.value(&format!(
            "{EDITOR}.session.getAnnotations().map(({{ row, type }}) =>
                [{EDITOR}.session.getLine(row).includes('joyn'), type])"
        ));
        assert_eq!(marks[0], json!([true, "error"]));
        let compiler = text_of(browser, ".live-box .live-compiler");
        assert!(compiler.contains("error[E0599]"), "{compiler}");
        let coloured = ".live-box .live-compiler .ansi-bold";
        assert!(!text_of(browser, coloured).is_empty());
    });
}

#[test]
fn needs_chromium_the_readers_own_runs_are_in_the_chart() {
    let server = Server::start();
    Browser::shared(|browser| {
        server.open(browser, "ch01-threads/barrier.html");
        for runs in ["yours: 1 run", "yours: 2 runs"] {
            let kept = verdict(browser, "figure.run", "Run");
            assert!(kept.contains("recorded runs"), "{kept}");
            let head = ".outcomes th.live-yours";
            assert_eq!(text_of(browser, head), runs);
        }
        let sum = browser.value(
            "[...document.querySelectorAll('.outcomes td.live-yours')]
                .reduce((sum, cell) => sum + Number(cell.textContent), 0)",
        );
        assert_eq!(sum, 2);
    });
}

#[test]
fn needs_chromium_the_schedules_of_an_edit_are_explored() {
    let server = Server::start();
    Browser::shared(|browser| {
        server.open(browser, "ch01-threads/lost-update.html");
        let stepper = "figure.schedules";
        let book = verdict(browser, stepper, "Explore");
        assert!(
            book.contains("of the book's listing; wrong orders: 4"),
            "{book}"
        );
        edit(browser, "lost_update/mod.rs");
        // The cure of the page, in the place of load and store.
        replace(
            browser,
            "counter.store(seen + 1, Ordering::Relaxed)",
            "counter.fetch_add(1, Ordering::Relaxed); let _ = seen",
        );
        let edited = verdict(browser, stepper, "Explore");
        assert!(edited.contains("of your edit; wrong orders: 0"), "{edited}");
        // The new figure can be stepped through.
        browser.wait_for(
            "document.querySelector('figure.schedules .now').textContent
                .startsWith('Step 0 of')",
        );
        assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    });
}

#[test]
fn needs_chromium_an_exercise_is_checked_and_solved() {
    let server = Server::start();
    Browser::shared(|browser| {
        server.open(browser, "exercises/ch01/visitors.html");
        browser.wait_for("Boolean(document.querySelector('.ace_content'))");
        let says = verdict(browser, ".live-box", "Check");
        assert!(says.starts_with("not solved yet"), "{says}");
        browser.wait_for("Boolean(document.querySelector('.live-steps'))");
        click(browser, ".live-steps", "▶");
        let step = text_of(browser, ".live-steps .live-state");
        assert!(step.starts_with("2 of "), "{step}");
        assert!(!text_of(browser, ".live-out .live-current").is_empty());
        click(browser, ".live-box", "Next hint");
        browser.wait_for(
            "document.querySelectorAll('.live-hints li').length == 1",
        );
        let right = root().join("exercises/ch01/visitors/reference.rs");
        let right = fs::read_to_string(right).expect("the reference");
        set(browser, &right);
        let says = verdict(browser, ".live-box", "Check");
        assert!(says.starts_with("solved"), "{says}");
        let file = server.reader.path().join("yours/ch01/visitors.rs");
        assert_eq!(fs::read_to_string(file).expect("the file"), right);
        server.open(browser, "exercises/ch01/index.html");
        let progress = text_of(browser, "main p.live-progress");
        assert!(progress.starts_with("1 of "), "{progress}");
    });
}

#[test]
fn needs_chromium_a_terminal_shows_what_animates() {
    let server = Server::start();
    Browser::shared(|browser| {
        server.open(browser, "ch01-threads/spinner.html");
        click(browser, "figure.terminal", "Run");
        let screen = "document.querySelector('figure.terminal .live-out')";
        browser.wait_for(&format!("{screen}.textContent.includes('thinking')"));
        click(browser, "figure.terminal", "Stop");
        let end = "document.querySelector('figure.terminal .live-verdict')";
        browser.wait_for(&format!("{end}.textContent.startsWith('stopped')"));
    });
}

#[test]
fn needs_chromium_every_task_opens_a_listing() {
    let server = Server::start();
    let tasks = "(() => {
        let next = document.getElementById('try-this')?.nextElementSibling;
        const lists = [];
        for (; next && !/^H[12]$/.test(next.tagName); next = next.nextElementSibling) {
            if (/^[OU]L$/.test(next.tagName)) lists.push(...next.children);
        }
        return [lists.length, document.querySelectorAll('.live-try').length];
    })()";
    for page in [
        "ch01-threads/spawn",
        "ch02-processes/pool",
        "ch03-generators/subroutines",
        "ch04-async/timeout",
        "ch05-servers/echo",
    ] {
        Browser::shared(|browser| {
            server.open(browser, &format!("{page}.html"));
            let counts = browser.value(tasks);
            assert_ne!(counts[0], Value::from(0), "{page}");
            assert_eq!(counts[0], counts[1], "{page}");
            browser.value("document.querySelector('.live-try').click()");
            browser.wait_for("Boolean(document.querySelector('.ace_content'))");
        });
    }
}
