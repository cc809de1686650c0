//! The shell as a program: fed by a pipe, and typed at in a terminal.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod flags_support;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use ch04_async::shell::ending::is_gone;
use flags_support::{kill, run_within, wait_within};
use pty_process::blocking::{Command as PtyCommand, Pty, open};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch04-async");
const LONG: Duration = Duration::from_secs(30);

/// Types the lines into a pipe, closes it, and returns what the shell said.
fn piped(lines: &'static [u8]) -> (Option<i32>, String) {
    let mut shell = Command::new(PROGRAM)
        .args(["shell", "--live"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    shell.stdin.take().unwrap().write_all(lines).unwrap();
    let mut stdout = shell.stdout.take().unwrap();
    let (tx, said) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        tx.send(text).unwrap();
    });
    let (status, _) = wait_within(LONG, &mut shell);
    (status, said.recv_timeout(LONG).unwrap())
}

#[test]
fn a_job_beside_the_shell_goes_on_while_a_line_is_awaited() {
    // Ten ticks take less than the sleep: the last one comes before its end.
    let lines = b"count tea 10 0.001 &\nsleep 1 Rise and shine!\nquit\n";
    let (status, said) = piped(lines);
    assert_eq!(status, Some(0));
    let [first, last, rise] = ["tea 1\n", "tea 10\n[1] done\n", "Rise and"]
        .map(|text| said.find(text).unwrap_or_else(|| panic!("{said:?}")));
    assert!(first < last && last < rise, "{said:?}");
    assert!(said.ends_with("Rise and shine!\nbye\n"), "{said:?}");
}

#[test]
fn the_end_of_its_input_drops_what_still_runs() {
    let (status, said) = piped(b"sleep 3600 late &");
    assert_eq!(status, Some(0));
    assert_eq!(said, "[1] sleep 3600 late\n[1] dropped\nbye\n");
}

#[test]
fn lines_that_are_no_commands_end_nothing() {
    let (status, said) = piped(b"\xff\xfe\n\x1b[2J\n\nsleep 0 on\n");
    assert_eq!(status, Some(0));
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("error: "), "{said:?}");
    assert!(!said.contains('\x1b'), "{said:?}");
    assert_eq!(lines[2..], ["on", "bye"]);
}

#[test]
fn a_silent_stdin_keeps_only_the_shell_with_tokios_reader() {
    let program = Path::new(PROGRAM);
    assert!(!is_gone(program, "tokio").unwrap());
    assert!(is_gone(program, "background").unwrap());
    assert!(is_gone(program, "thread").unwrap());
}

#[test]
fn an_option_that_only_makes_sense_live_is_refused_without() {
    let mut command = Command::new(PROGRAM);
    let ran = run_within(LONG, command.args(["shell", "--for", "1"]));
    assert_eq!(ran.status, Some(2));
}

#[test]
fn signals_that_were_ignored_from_the_start_stay_ignored() {
    // As `nohup` does the first, and a script the second for what it runs in
    // the background.
    let mut shell = Command::new("sh")
        .args(["-c", r#"trap "" HUP INT; exec "$0" shell --live"#, PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = shell.stdin.take().unwrap();
    let mut stdout = shell.stdout.take().unwrap();
    stdin.write_all(b"sleep 0 up\n").unwrap();
    let mut said = [0; 3];
    stdout.read_exact(&mut said).unwrap();
    kill("-HUP", &shell);
    kill("-INT", &shell);
    // In front of it, so that Ctrl-C would have something to cancel.
    stdin.write_all(b"count still-up 10 0.02\n").unwrap();
    let mut said = [0; b"still-up 1\n".len() * 9];
    stdout.read_exact(&mut said).unwrap();
    assert!(said.ends_with(b"still-up 9\n"));
    kill("-TERM", &shell);
    assert_eq!(wait_within(LONG, &mut shell).0, Some(128 + 15));
}

/// A shell in a terminal.
struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    shown: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn new() -> Terminal {
        let (pty, pts) = open().unwrap();
        let command = PtyCommand::new(PROGRAM).args(["shell", "--live"]);
        let child = command.spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let (tx, shown) = mpsc::channel();
        let reader = Arc::clone(&pty);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The end is an error here: the terminal has no other side any more.
            while let Ok(n @ 1..) = (&*reader).read(&mut buffer) {
                if tx.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let seen = String::new();
        Terminal {
            child,
            pty,
            shown,
            seen,
        }
    }

    /// Waits until a text was shown; forgets everything before its end.
    fn wait_for(&mut self, text: &str) {
        let limit = Instant::now() + LONG;
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            let left = limit.saturating_duration_since(Instant::now());
            match self.shown.recv_timeout(left) {
                Ok(bytes) => self.seen += &String::from_utf8_lossy(&bytes),
                Err(_) => panic!("no {text:?} in {:?}", self.seen),
            }
        }
    }

    fn type_in(&mut self, text: &[u8]) {
        (&*self.pty).write_all(text).unwrap();
    }

    fn end(mut self) -> Option<i32> {
        wait_within(LONG, &mut self.child).0
    }
}

#[test]
fn in_a_terminal_ctrl_c_drops_the_job_in_front_and_the_prompt_is_back() {
    let mut shell = Terminal::new();
    shell.wait_for(">>> ");
    shell.type_in(b"count tea 3600 0.05\n");
    shell.wait_for("tea 2\r\n");
    shell.type_in(b"\x03");
    shell.wait_for("cancelled\r\n>>> ");
    shell.type_in(b"sleep 0 Rise and shine!\n");
    shell.wait_for("\r\nRise and shine!\r\n>>> ");
    // The end of the input, as it is typed.
    shell.type_in(b"\x04");
    shell.wait_for("bye\r\n");
    assert_eq!(shell.end(), Some(0));
}

#[test]
fn a_job_in_front_takes_ctrl_c_and_no_other_signal() {
    let mut shell = Terminal::new();
    shell.wait_for(">>> ");
    shell.type_in(b"count tea 3600 0.05\n");
    shell.wait_for("tea 2\r\n");
    kill("-TERM", &shell.child);
    assert_eq!(shell.end(), Some(128 + 15));
}

#[test]
fn ctrl_c_at_the_prompt_ends_it_although_it_reads() {
    let mut shell = Terminal::new();
    shell.wait_for(">>> ");
    shell.type_in(b"\x03");
    assert_eq!(shell.end(), Some(130));
}
