//! The spinner process ends with its parent, however the parent ends.
//!
//! The child inherits the parent's stderr. So a pipe in that place ends when
//! both processes are gone, and not before: no process id can be mistaken.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

fn start(args: &[&str]) -> Child {
    Command::new(PROGRAM)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built")
}

/// Reads until every writer is gone; panics if that takes longer than 20 s.
fn read_to_end(mut pipe: impl Read + Send + 'static) -> String {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).expect("UTF-8");
        tx.send(text)
    });
    rx.recv_timeout(Duration::from_secs(20)).expect("ends")
}

#[test]
fn the_child_ends_when_its_parent_is_killed() {
    let mut parent = start(&["spinner"]);
    let mut stdout = BufReader::new(parent.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "spinner process: started, alive: true\n");

    parent.kill().unwrap();
    parent.wait().unwrap();
    read_to_end(parent.stderr.take().unwrap());
    // The kill came in mid-call.
    assert_eq!(read_to_end(stdout), "");
}

#[test]
fn the_child_ends_when_the_call_fails() {
    let mut parent = start(&["spinner", "--fail"]);
    let errors = read_to_end(parent.stderr.take().unwrap());
    assert!(
        errors.ends_with("error: the slow call failed\n"),
        "{errors}"
    );
    assert_eq!(parent.wait().unwrap().code(), Some(1));
}

#[test]
fn a_child_without_a_parent_ends_at_once_and_says_nothing() {
    let mut child = start(&["spinner", "--child"]);
    assert_eq!(read_to_end(child.stdout.take().unwrap()), "");
    assert_eq!(read_to_end(child.stderr.take().unwrap()), "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
