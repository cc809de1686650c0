//! A worker receives its parent's data, and its errors come back.

use std::path::Path;

use ch02_processes::worker::ask;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

#[test]
fn a_worker_knows_what_it_was_sent_and_nothing_else() {
    let program = Path::new(PROGRAM);
    assert_eq!(ask(program, None).unwrap(), 1);
    assert_eq!(ask(program, Some(u64::MAX)).unwrap(), u64::MAX);
}

#[test]
fn a_worker_program_that_is_not_there_is_an_error() {
    assert!(ask(Path::new("no-such-program"), None).is_err());
}
