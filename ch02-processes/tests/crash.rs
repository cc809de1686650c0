//! Which threads and processes a crash ends.

use std::path::Path;

use ch02_processes::crash::run;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

#[test]
fn an_abort_in_a_thread_leaves_main_no_last_word() {
    let left = run(Path::new(PROGRAM), "--child-with-thread").unwrap();
    assert!(!left.status.success());
    assert_eq!(left.stdout, b"main: the thread works\n");
    assert_eq!(left.stderr, b"");
}

#[cfg(unix)]
#[test]
fn the_parent_sees_the_signal_that_ended_a_child() {
    use std::os::unix::process::ExitStatusExt;

    let left = run(Path::new(PROGRAM), "--child").unwrap();
    assert_eq!(left.status.code(), None);
    assert_eq!(left.status.signal(), Some(6), "SIGABRT");
}
