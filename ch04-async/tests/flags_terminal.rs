//! The downloader in a terminal: its bar, and what Ctrl-C leaves behind.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod flags_support;

use std::io::{Read, Write};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use flags_support::*;
use pty_process::blocking::{Command, Pty, open};
use tempfile::tempdir;

/// A downloader that talks to a terminal.
struct Terminal {
    child: Child,
    pty: std::sync::Arc<Pty>,
    shown: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Terminal {
    fn new(dest: &Path, term: &str, args: &[&str]) -> Terminal {
        Terminal::with_stdout(dest, term, args, None)
    }

    fn with_stdout(
        dest: &Path,
        term: &str,
        args: &[&str],
        stdout: Option<std::io::PipeWriter>,
    ) -> Terminal {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(24, 100)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ch04-async"))
            .arg("flags")
            .arg("--dest")
            .arg(dest)
            .args(args)
            .env("TERM", term);
        for name in ["http_proxy", "all_proxy", "NO_COLOR"] {
            command = command.env_remove(name);
            command = command.env_remove(name.to_uppercase());
        }
        if let Some(stdout) = stdout {
            command = command.stdout(stdout);
        }
        let child = command.spawn(pts).unwrap();
        let pty = std::sync::Arc::new(pty);
        let (sender, shown) = mpsc::channel();
        let reader = std::sync::Arc::clone(&pty);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The end is an error here: the terminal has no other side any more.
            while let Ok(n @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Terminal {
            child,
            pty,
            shown,
            seen: Vec::new(),
        }
    }

    /// Waits until a text was shown.
    fn wait_for(&mut self, text: &str) {
        let limit = Instant::now() + Duration::from_secs(20);
        while !self.text().contains(text) {
            let left = limit.saturating_duration_since(Instant::now());
            match self.shown.recv_timeout(left) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(_) => panic!("no {text:?} in {:?}", self.text()),
            }
        }
    }

    fn press_ctrl_c(&mut self) {
        (&*self.pty).write_all(b"\x03").unwrap();
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Waits for the end; returns the exit status and all that was shown.
    fn end_within(mut self, limit: Duration) -> (Option<i32>, String) {
        let (status, _) = wait_within(limit, &mut self.child);
        while let Ok(bytes) = self.shown.recv_timeout(Duration::from_secs(5)) {
            self.seen.extend(bytes);
        }
        (status, self.text())
    }
}

const LONG: Duration = Duration::from_secs(30);
/// An interrupted download must end in 2 seconds; the rest is for a machine
/// that is busy with something else.
const SOON: Duration = Duration::from_secs(8);

#[test]
fn the_bar_ends_full_and_a_dumb_terminal_has_none() {
    let dir = tempdir().unwrap();
    let args = ["-l", "7", "--delay", "0.1"];
    let (status, text) =
        Terminal::new(dir.path(), "xterm", &args).end_within(LONG);
    assert_eq!(status, Some(0));
    let at = text.rfind("7/7 flags").expect("a full bar");
    let counters = text.find("7 flags downloaded").unwrap();
    assert!(at < counters, "{text:?}");
    assert!(text.ends_with('\n'));

    let (status, text) =
        Terminal::new(dir.path(), "dumb", &args).end_within(LONG);
    assert_eq!(status, Some(0));
    assert!(!text.contains("7/7") && !text.contains('\x1b'), "{text:?}");
}

#[test]
fn the_bar_is_for_stderr_and_stdout_stays_clean() {
    let dir = tempdir().unwrap();
    let (status, text, report) = with_a_pipe(dir.path(), &["-l", "3"]);
    assert_eq!(status, Some(0));
    assert!(text.contains("3/3 flags"), "{text:?}");
    assert!(report.ends_with("3 flags downloaded\n0 not found\n0 errors\n"));
    assert!(!report.contains(['\x1b', '\r']), "{report:?}");
}

/// Runs a downloader whose stderr is a terminal and whose stdout is a pipe:
/// returns its status and what came out of each.
fn with_a_pipe(dest: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let (report, stdout) = std::io::pipe().unwrap();
    let run = Terminal::with_stdout(dest, "xterm", args, Some(stdout));
    let (status, text) = run.end_within(LONG);
    (status, text, std::io::read_to_string(report).unwrap())
}

#[test]
fn ctrl_c_ends_it_with_a_report_and_without_halves() {
    let server = Fake::new(|stream, path, _| match code(path).as_str() {
        "AA" => send(stream, "200 OK", "", GIF),
        // Half a flag, and then nothing: no thread can be stopped in here.
        _ => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 36\r\n\r\n";
            stream.write_all(head.as_bytes()).ok();
            stream.write_all(&GIF[..18]).ok();
            hold(stream);
        }
    });
    let url = server.url();
    thread::scope(|scope| {
        for mode in MODES {
            let url = &url;
            scope.spawn(move || {
                let dir = tempdir().unwrap();
                let args = ["--mode", mode, "--base-url", url, "-e"];
                let args = [&args[..], &["-m", "5", "--timeout", "60"]];
                let args = args.concat();
                let mut run = Terminal::new(dir.path(), "xterm", &args);
                run.wait_for("1/676 flags");
                // The second flag has begun: half of it is on the disk.
                wait_for_part(dir.path());
                run.press_ctrl_c();
                let (status, text) = run.end_within(SOON);
                assert_eq!(status, Some(130), "{mode}: {text:?}");
                assert!(text.contains("\n1 flag downloaded"), "{text:?}");
                assert!(text.contains("interrupted: 675 of 676"), "{text:?}");
                assert!(text.ends_with('\n'));
                let hidden = text.rfind("\x1b[?25l");
                assert!(hidden <= text.rfind("\x1b[?25h"), "{text:?}");
                assert_eq!(files(dir.path()), ["AA.gif"]);
            });
        }
    });
}

#[test]
fn other_signals_end_it_as_well_and_are_what_ended_it() {
    let server = Fake::new(|stream, path, _| match code(path).as_str() {
        "AA" => send(stream, "200 OK", "", GIF),
        _ => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 36\r\n\r\n";
            stream.write_all(head.as_bytes()).ok();
            stream.write_all(&GIF[..18]).ok();
            hold(stream);
        }
    });
    for (signal, number) in [("-TERM", 15), ("-HUP", 1)] {
        let dir = tempdir().unwrap();
        let args = ["--base-url", &server.url(), "-e", "--timeout", "60"];
        let mut run = Terminal::new(dir.path(), "xterm", &args);
        run.wait_for("1/676 flags");
        wait_for_part(dir.path());
        kill(signal, &run.child);
        let (status, text) = run.end_within(SOON);
        assert_eq!(status, Some(128 + number), "{text:?}");
        assert!(text.contains("interrupted: 675 of 676"), "{text:?}");
        let hidden = text.rfind("\x1b[?25l");
        assert!(hidden <= text.rfind("\x1b[?25h"), "{text:?}");
        assert_eq!(files(dir.path()), ["AA.gif"]);
    }
}

#[test]
fn a_second_ctrl_c_ends_it_at_once_and_leaves_no_halves() {
    let server = Fake::new(|stream, _, _| {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 36\r\n\r\n";
        stream.write_all(head.as_bytes()).ok();
        stream.write_all(&GIF[..18]).ok();
        hold(stream);
    });
    let dir = tempdir().unwrap();
    let args = ["--mode", "threads", "--base-url", &server.url(), "-v", "BR"];
    let mut run = Terminal::new(dir.path(), "xterm", &args);
    run.wait_for("[BR] started");
    wait_for_part(dir.path());
    run.press_ctrl_c();
    // Pressed at the same moment, the two would be one signal. Pressed after
    // the first has ended it, the second changes nothing.
    thread::sleep(Duration::from_millis(100));
    run.press_ctrl_c();
    let (status, text) = run.end_within(SOON);
    assert_eq!(status, Some(130), "{text:?}");
    assert!(text.ends_with('\n'), "{text:?}");
    assert_eq!(files(dir.path()), [""; 0]);
}
