//! The end of a pipeline reaches the process at its far end.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ch02_processes::stage::{Remote, Stage};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

/// Fails a test that hangs: the failure that these tests look for.
fn in_time(work: impl FnOnce() + Send + 'static) {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || {
        work();
        tx.send(())
    });
    rx.recv_timeout(Duration::from_secs(20)).expect("ends");
}

// Both wait for the child, so that returning is the proof that it has ended.

#[test]
fn close_ends_the_other_process() {
    in_time(|| {
        let mut stage = Remote::start(Path::new(PROGRAM)).unwrap();
        stage.send("no such word").unwrap();
        stage.close().unwrap();
    });
}

#[test]
fn a_stage_that_is_dropped_ends_the_other_process() {
    in_time(|| drop(Remote::start(Path::new(PROGRAM)).unwrap()));
}
