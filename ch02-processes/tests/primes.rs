//! The pool answers every number once, and says so when it cannot.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ch02_processes::primes::{NUMBERS, check, in_order};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

/// Fails a test that hangs.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || tx.send(work()));
    rx.recv_timeout(Duration::from_secs(60)).expect("ends")
}

#[test]
fn more_numbers_than_a_pipe_holds_are_all_answered_in_order() {
    let numbers: Vec<u64> = (0..5000).collect();
    let answers = in_time(move || {
        let mut answers = Vec::new();
        let see = in_order(|answer| answers.push(answer));
        check(Path::new(PROGRAM), 2, &numbers, see).map(|()| answers)
    });
    assert_eq!(answers.unwrap().len(), 5000);
}

#[test]
fn workers_that_cannot_be_started_are_an_error_and_no_wait() {
    let outcome =
        in_time(|| check(Path::new("no-such-program"), 2, &[7; 100], |_| ()));
    assert!(outcome.is_err());
    assert_eq!(
        in_time(|| check(Path::new(PROGRAM), 2, &[], |_| ())),
        Ok(())
    );
    assert!(NUMBERS.is_sorted_by(|a, b| a > b));
}
