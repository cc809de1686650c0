//! What a worker is told arrives, and what is wrong with it comes back.

use std::path::Path;

use ch02_processes::worker::ask;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

#[test]
fn worker_sees_only_the_variables_it_was_sent() {
    let program = Path::new(PROGRAM);
    assert_eq!(ask(program, None).unwrap(), 1);
    assert_eq!(ask(program, Some(u64::MAX)).unwrap(), u64::MAX);
}

#[test]
fn a_worker_program_that_is_not_there_is_an_error() {
    assert!(ask(Path::new("no-such-program"), None).is_err());
}
