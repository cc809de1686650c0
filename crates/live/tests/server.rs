//! The live book's server, without a browser: who comes in, what runs, what
//! ends it, what an edit may do.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "server/mini.rs"]
mod mini;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use mini::{Checkout, FILE, LIMIT, PAGE, Server, put, recording};
use serde_json::{Value, json};

/// Waits until something is so, which no event tells.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn is_running(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// Reads the number that a program has printed about itself.
fn number(event: &Value) -> u32 {
    event["text"].as_str().unwrap().trim().parse().unwrap()
}

#[test]
fn the_token_the_host_and_the_origin_are_checked() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let (port, token) = (server.port, &server.token);
    let status = |path: &str, more: &str| {
        let head = format!("GET {path} HTTP/1.0\r\n{more}");
        server.raw(&head, "").0
    };
    let host = format!("Host: 127.0.0.1:{port}");
    let good = format!("/{token}/");
    assert_eq!(status(&good, &host), 200);
    for path in ["/", "/index.html", "/0123/", &format!("/{token}x/")] {
        assert_eq!(status(path, &host), 403, "{path}");
    }
    assert_eq!(status(&good, &format!("Host: evil.example:{port}")), 403);
    assert_eq!(status(&good, "Host: 127.0.0.1:1"), 403);
    let foreign = format!("{host}\r\nOrigin: http://evil.example");
    assert_eq!(status(&good, &foreign), 403);
    let own = format!("{host}\r\nOrigin: http://127.0.0.1:{port}");
    assert_eq!(status(&good, &own), 200);
}

#[test]
fn pages_are_served_with_our_script_and_a_policy_and_nothing_else_is() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let (status, page) = server.get(PAGE);
    assert_eq!(status, 200);
    assert!(page.contains("_live/live.js"), "{page}");
    assert!(page.contains("<script nonce="), "{page}");
    let book =
        fs::read_to_string(checkout.root().join("target/book").join(PAGE));
    assert!(!book.unwrap().contains("_live"));
    for path in ["../../secret.txt", "%2e%2e/secret.txt", "ch01-mini", "x"] {
        assert_eq!(server.get(path).0, 404, "{path}");
    }
    for name in ["live.js", "live.css", "ace.js", "mode-python.js"] {
        assert_eq!(server.get(&format!("_live/{name}")).0, 200, "{name}");
    }
    assert_eq!(server.get("_live/other.js").0, 404);
}

#[test]
fn a_run_streams_what_it_prints_and_is_held_to_its_contract() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let mut run = server.begin("rust");
    run.wait_for("started");
    assert!(run.wait_for("build")["line"].is_string());
    let (mut out, mut err) = (String::new(), String::new());
    let end = loop {
        let event = run.next().unwrap();
        match event["what"].as_str().unwrap() {
            "out" => out += event["text"].as_str().unwrap(),
            "err" => err += event["text"].as_str().unwrap(),
            "end" => break event,
            _ => {}
        }
    };
    assert_eq!((out.as_str(), err.as_str()), ("one\n", "aside\n"));
    assert_eq!(end["kept"], true);
    let verdict = "kept: the same lines, in any order, as 75 % of the 4 \
                   recorded runs";
    assert_eq!(end["verdict"], verdict);
    assert_eq!(end["yours"], json!({ "one": 1 }));
    // Again: nothing is built, and the second outcome is counted.
    let mut run = server.begin("rust");
    run.wait_for("started");
    assert_ne!(run.next().unwrap()["what"], "build");
    assert_eq!(run.finish().1["yours"], json!({ "one": 2 }));
    assert_eq!(server.run("fail").1["kept"], true);
}

#[test]
fn a_program_that_reads_stdin_gets_the_end_of_a_file() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let (printed, end) = server.run("stdin");
    assert_eq!(printed, "0 bytes\n");
    assert_eq!(end["kept"], true, "{end}");
}

#[test]
fn needs_python3_a_twin_runs_and_so_does_its_edit() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    assert_eq!(server.run("python").1["kept"], true);
    server.edit("ch01-mini/src/steady/twin.py", "print('two')\n");
    let (printed, end) = server.run("python");
    assert_eq!(printed, "two\n");
    let verdict = "broken: line 1: `two`, recorded `one`";
    assert_eq!(end["verdict"], verdict);
}

#[test]
fn an_edit_is_built_beside_the_checkout_and_survives_a_restart() {
    let checkout = Checkout::new();
    let book = fs::read_to_string(checkout.root().join(FILE)).unwrap();
    let mut server = Server::start(&checkout);
    assert_eq!(server.run("rust").0, "one\n");
    server.edit(FILE, &book.replace("\"one\"", "\"two\""));
    let (printed, end) = server.run("rust");
    assert_eq!(printed, "two\n");
    assert_eq!(end["kept"], false);
    assert_eq!(end["verdict"], "broken: `two` was not recorded");
    // The outcomes are those of the book's program.
    assert!(end["yours"].is_null());
    let now = fs::read_to_string(checkout.root().join(FILE)).unwrap();
    assert_eq!(now, book);
    server.signal("-TERM");
    let server = Server::start(&checkout);
    assert_eq!(server.run("rust").0, "two\n");
    let query = format!("diff?page={PAGE}&file={FILE}");
    let (_, diff) = server.get(&format!("_live/{query}"));
    assert!(diff.contains("-        _ => println!(\"one\")"), "{diff}");
    let kept = json!({ "page": PAGE, "file": FILE });
    let (status, kept) = server.ask("POST", "keep", &kept);
    assert_eq!(status, 200);
    let patch = fs::read_to_string(kept["path"].as_str().unwrap()).unwrap();
    assert_eq!(patch, diff);
    let query = format!("file?page={PAGE}&file={FILE}");
    let (_, reset) = server.ask("DELETE", &query, &Value::Null);
    assert_eq!(reset["edited"], false);
    // Back to an older text: it is built again all the same.
    assert_eq!(server.run("rust").0, "one\n");
}

#[test]
fn the_checkouts_own_build_never_runs_an_edit() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let book = fs::read_to_string(checkout.root().join(FILE)).unwrap();
    server.edit(FILE, &book.replace("\"one\"", "\"two\""));
    assert_eq!(server.run("rust").0, "two\n");
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "-q", "--", "steady"]);
    cargo
        .current_dir(checkout.root())
        .env_remove("CARGO_TARGET_DIR");
    let run = subprocess::run(cargo, LIMIT).unwrap();
    assert_eq!(run.stdout, "one\n", "{}", run.stderr);
}

#[test]
fn the_compilers_errors_name_their_lines() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let book = fs::read_to_string(checkout.root().join(FILE)).unwrap();
    server.edit(FILE, &book.replace("eprintln!", "eprintl!"));
    let mut run = server.begin("rust");
    let error = run.wait_for("diagnostic");
    assert_eq!(error["file"], FILE);
    assert_eq!(error["line"], 10);
    let rendered = error["rendered"].as_str().unwrap();
    assert!(rendered.contains("cannot find macro"), "{rendered}");
    assert!(rendered.contains("\u{1b}["), "in colours: {rendered}");
    let end = run.finish().1;
    assert!(end["kept"].is_null(), "{end}");
    let verdict = end["verdict"].as_str().unwrap();
    assert!(verdict.starts_with("it does not build: "), "{verdict}");
}

#[test]
fn a_refusal_is_compared_with_the_promised_one() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let end = server.run("refused").1;
    assert_eq!(end["verdict"], "kept: refused as promised");
    let file = "ch01-mini/src/steady/refused.rs";
    server.edit(file, "fn main() {}\n");
    let end = server.run("refused").1;
    assert_eq!(end["verdict"], "broken: it compiles");
    let text = fs::read_to_string(checkout.root().join(file)).unwrap();
    server.edit(file, &format!("\n{text}"));
    let end = server.run("refused").1;
    let verdict = end["verdict"].as_str().unwrap();
    assert!(verdict.contains("not in line 4"), "{verdict}");
}

const CHILD: &str = "
pub fn demo(_: &str) {
    let child = std::process::Command::new(\"sleep\").arg(\"600\").spawn();
    println!(\"{}\", child.unwrap().id());
    loop { std::thread::park() }
}
";

/// A process that leaves its group: only its mark finds it.
const ESCAPES: &str = "
use std::os::unix::process::CommandExt;
pub fn demo(_: &str) {
    let mut child = std::process::Command::new(\"sleep\");
    child.arg(\"600\").process_group(0).stdout(std::process::Stdio::null());
    println!(\"{}\", child.stderr(std::process::Stdio::null()).spawn().unwrap().id());
    loop { std::thread::park() }
}
";

#[test]
fn stop_ends_a_run_with_all_that_it_started() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    for text in [CHILD, ESCAPES] {
        server.edit(FILE, text);
        let mut run = server.begin("rust");
        let id = run.wait_for("started")["id"].clone();
        let child = number(&run.wait_for("out"));
        assert!(is_running(child));
        server.ask("POST", "stop", &json!({ "id": id }));
        let end = run.finish().1;
        assert_eq!(end["verdict"], "stopped, with all that it started");
        wait_until("the child ends", || !is_running(child));
    }
}

#[test]
fn a_closed_page_ends_its_run() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    server.edit(FILE, CHILD);
    let mut run = server.begin("rust");
    let child = number(&run.wait_for("out"));
    drop(run);
    wait_until("the child ends", || !is_running(child));
}

#[test]
fn a_server_that_ends_or_is_killed_leaves_nothing_behind() {
    let checkout = Checkout::new();
    for signal in ["-INT", "-TERM", "-KILL"] {
        for text in [CHILD, ESCAPES] {
            let mut server = Server::start(&checkout);
            server.edit(FILE, text);
            let mut run = server.begin("rust");
            let child = number(&run.wait_for("out"));
            let name = format!("workspace-0-{}", server.process.id());
            let workspace = checkout.live().join(name);
            assert!(workspace.exists());
            server.signal(signal);
            wait_until("the child ends", || !is_running(child));
            wait_until("the workspace goes", || !workspace.exists());
        }
    }
}

fn ended_by_a_limit(text: &str, run: &str, why: &str) {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    server.edit(FILE, text);
    let end = server.run(run).1;
    let verdict = end["verdict"].as_str().unwrap();
    assert!(verdict.starts_with(why), "{verdict}");
    // It serves on.
    assert_eq!(server.get("").0, 200);
}

#[test]
fn an_endless_loop_is_ended() {
    let text = "pub fn demo(_: &str) { loop { std::hint::spin_loop() } }";
    ended_by_a_limit(text, "short", "ended: it ran for 3 s, the limit");
}

#[test]
fn endless_output_is_ended() {
    let text = "pub fn demo(_: &str) { loop { println!(\"again\") } }";
    ended_by_a_limit(text, "rust", "ended: it printed more than 1 MiB");
}

#[test]
#[cfg(target_os = "linux")]
fn a_fork_bomb_of_threads_is_ended() {
    let text = "pub fn demo(_: &str) { loop {
        // Where the system refuses more, it tries again.
        std::thread::Builder::new()
            .spawn(|| loop { std::thread::park() }).ok();
    } }";
    ended_by_a_limit(text, "rust", "ended: it had more than 4096 threads");
}

#[test]
fn a_panic_is_told_as_the_program_tells_it() {
    let text = "pub fn demo(_: &str) { panic!(\"on purpose\") }";
    ended_by_a_limit(text, "rust", "broken: exit status 101, not 0; ");
}

#[test]
fn an_edit_of_two_megabytes_is_refused() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let text = "x".repeat(2 * 1024 * 1024);
    let body = json!({
        "page": PAGE, "file": FILE, "text": text, "version": "",
    });
    assert_eq!(server.ask("PUT", "file", &body).0, 413);
    assert_eq!(server.get("").0, 200);
}

#[test]
fn what_a_page_does_not_show_is_not_run_and_not_edited() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    for file in ["ch01-mini/src/main.rs", "../secret.txt", "Cargo.toml"] {
        let query = format!("file?page={PAGE}&file={file}");
        assert_eq!(server.ask("GET", &query, &Value::Null).0, 404, "{file}");
        let body = json!({
            "page": PAGE, "file": file, "text": "x", "version": "",
        });
        assert_eq!(server.ask("PUT", "file", &body).0, 404, "{file}");
    }
    for run in ["other", "../rust"] {
        let body = json!({ "page": PAGE, "run": recording(run) });
        assert_eq!(server.ask("POST", "run", &body).0, 404, "{run}");
    }
    let body = json!({ "page": "index.html", "run": recording("rust") });
    assert_eq!(server.ask("POST", "run", &body).0, 404);
}

#[test]
fn a_tab_that_has_not_seen_the_others_edit_is_told_so() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let query = format!("file?page={PAGE}&file={FILE}");
    let seen = server.ask("GET", &query, &Value::Null).1["version"].clone();
    let body = |text: &str| json!({ "page": PAGE, "file": FILE, "text": text, "version": seen });
    assert_eq!(server.ask("PUT", "file", &body("one")).0, 200);
    let (status, refused) = server.ask("PUT", "file", &body("two"));
    assert_eq!(status, 409);
    let why = refused["why"].as_str().unwrap();
    assert!(why.contains("another tab"), "{why}");
}

#[test]
fn an_edit_of_a_file_that_has_changed_is_refused_politely() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let book = fs::read_to_string(checkout.root().join(FILE)).unwrap();
    server.edit(FILE, &book.replace("\"one\"", "\"two\""));
    put(checkout.root(), FILE, &book.replace("aside", "by the way"));
    let end = server.run("rust").1;
    let verdict = end["verdict"].as_str().unwrap();
    assert!(verdict.contains("has changed since"), "{verdict}");
    let query = format!("file?page={PAGE}&file={FILE}");
    server.ask("DELETE", &query, &Value::Null);
    assert_eq!(server.run("rust").0, "one\n");
}

#[test]
fn a_change_of_the_checkout_is_built_and_told() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    assert_eq!(server.run("rust").0, "one\n");
    let path = format!("GET /{}/_live/changes HTTP/1.0", server.token);
    let head = format!("{path}\r\nHost: 127.0.0.1:{}", server.port);
    let changes = std::thread::scope(|scope| {
        let told = scope.spawn(|| server.first_data(&head));
        // Again and again: the other thread may not be listening yet.
        let book = fs::read_to_string(checkout.root().join(FILE)).unwrap();
        let mut n = 0;
        while !told.is_finished() {
            n += 1;
            let new = book.replace("\"one\"", &format!("\"{n}\""));
            put(checkout.root(), FILE, &new);
            std::thread::sleep(Duration::from_millis(20));
        }
        let last = format!("{n}\n");
        assert_eq!(server.run("rust").0, last);
        told.join().unwrap()
    });
    assert_eq!(changes, FILE);
}

#[test]
fn a_checkout_that_is_gone_is_told_and_the_server_lives() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    fs::remove_dir_all(checkout.root().join("ch01-mini")).unwrap();
    let end = server.run("rust").1;
    let verdict = end["verdict"].as_str().unwrap();
    assert!(verdict.contains("ch01-mini"), "{verdict}");
    let query = format!("file?page={PAGE}&file={FILE}");
    let (status, refused) = server.ask("GET", &query, &Value::Null);
    assert_eq!(status, 500);
    assert!(refused["why"].as_str().unwrap().contains(FILE), "{refused}");
    assert_eq!(server.get("").0, 200);
}

#[test]
fn an_edit_that_cannot_be_written_is_told() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    // A full disk cannot be had in a test; a file in the folder's place can.
    put(checkout.root(), "target/live/edits", "in the way");
    let body = json!({
        "page": PAGE, "file": FILE, "text": "x", "version": "",
    });
    let (status, refused) = server.ask("PUT", "file", &body);
    assert_eq!(status, 500);
    let why = refused["why"].as_str().unwrap();
    assert!(why.contains("edits"), "{why}");
    assert_eq!(server.get("").0, 200);
}

#[test]
fn a_second_server_works_beside_the_first() {
    let checkout = Checkout::new();
    let (one, two) = (Server::start(&checkout), Server::start(&checkout));
    let book = fs::read_to_string(checkout.root().join(FILE)).unwrap();
    one.edit(FILE, &book.replace("\"one\"", "\"two\""));
    for server in [&one, &two, &one] {
        assert_eq!(server.run("rust").0, "two\n");
    }
}

/// Counts the server's open files, and the bytes below a folder.
fn open_files(server: &Server) -> usize {
    let id = server.process.id();
    let entries = fs::read_dir(format!("/proc/{id}/fd"));
    entries.map_or(0, |entries| entries.count())
}

fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

#[test]
fn fifty_edits_in_a_row_leak_nothing() {
    let checkout = Checkout::new();
    let server = Server::start(&checkout);
    let book = fs::read_to_string(checkout.root().join(FILE)).unwrap();
    let target = checkout.root().join("target");
    let run = |n: usize| {
        let word = format!("\"edit {n}\"");
        server.edit(FILE, &book.replace("\"one\"", &word));
        assert_eq!(server.run("rust").0, format!("edit {n}\n"));
    };
    run(0);
    let (files, size) = (open_files(&server), bytes(&target));
    (1..=50).for_each(run);
    let (files_now, size_now) = (open_files(&server), bytes(&target));
    let grown = size_now.saturating_sub(size);
    assert!(grown < 50_000_000, "{grown} bytes");
    // One connection more or less may not be closed yet.
    assert!(files_now <= files + 1, "{files} files, then {files_now}");
}
