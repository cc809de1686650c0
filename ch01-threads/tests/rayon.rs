//! What rayon does with a panic that nobody waits for.

use std::env;
use std::process::{Command, Output};
use std::sync::mpsc;
use std::time::Duration;

use rayon::ThreadPoolBuilder;

/// Runs one of the tests below, which are programs, in a process of its own.
fn run(program: &str) -> Output {
    Command::new(env::current_exe().expect("Linux and Windows know it"))
        .args(["--exact", program, "--ignored", "--nocapture"])
        .output()
        .expect("the tests run themselves")
}

#[test]
#[ignore = "a program: `a_panic_that_nobody_waits_for…` runs it"]
fn spawned_without_a_handler() {
    rayon::spawn(|| panic!("nobody waits"));
    let (_kept, ended) = mpsc::channel::<()>();
    // The process is ended from the other thread, or the test fails.
    assert!(ended.recv_timeout(Duration::from_secs(20)).is_ok());
}

#[test]
#[ignore = "a program: `a_panic_handler_keeps…` runs it"]
fn spawned_with_a_handler() {
    let (tell, told) = mpsc::channel();
    let pool = ThreadPoolBuilder::new()
        .num_threads(1)
        .panic_handler(move |_| tell.send(()).unwrap())
        .build()
        .unwrap();
    pool.spawn(|| panic!("nobody waits"));
    told.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(pool.install(|| 42), 42);
}

#[test]
#[cfg(unix)]
fn panic_without_a_waiter_ends_the_process() {
    use std::os::unix::process::ExitStatusExt;

    const SIGABRT: i32 = 6;
    let run = run("spawned_without_a_handler");
    assert_eq!(run.status.signal(), Some(SIGABRT), "{run:?}");
}

#[test]
fn a_panic_handler_keeps_the_process_and_the_pool() {
    let run = run("spawned_with_a_handler");
    assert!(run.status.success(), "{run:?}");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("1 passed"), "{said}");
}
