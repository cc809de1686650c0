//! What many weigh: ratios within one run, no bytes.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Stdio};

use ch04_async::memory::units::Unit;
use ch04_async::memory::weigh_apart;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch04-async");

#[test]
fn ten_thousand_tasks_take_less_than_a_tenth_of_what_as_many_threads_take() {
    let program = Path::new(PROGRAM);
    let task = weigh_apart(program, Unit::Task, 10_000).unwrap();
    // A thousand threads stand for ten thousand: each weighs the same.
    let thread = weigh_apart(program, Unit::Thread, 1_000).unwrap();
    assert!(task.resident * 10 < thread.resident, "{task} {thread}");
    assert!(task.virtual_ * 100 < thread.virtual_, "{task} {thread}");
}

#[test]
fn a_future_is_lighter_than_a_task_and_a_thread_than_a_process() {
    let program = Path::new(PROGRAM);
    let [future, task, thread, process] = [
        (Unit::Future, 10_000),
        (Unit::Task, 10_000),
        (Unit::Thread, 200),
        (Unit::Process, 10),
    ]
    .map(|(unit, count)| weigh_apart(program, unit, count).unwrap().resident);
    assert!(future < task && task < thread && thread < process);
}

#[test]
fn the_hundred_thousandth_task_weighs_no_more_than_the_first_thousand() {
    let program = Path::new(PROGRAM);
    let few = weigh_apart(program, Unit::Task, 1_000).unwrap().resident;
    let many = weigh_apart(program, Unit::Task, 100_000).unwrap().resident;
    assert!(many < 2 * few, "{many} B, {few} B");
}

#[test]
fn what_there_is_no_room_for_is_an_error_not_an_attempt() {
    let program = Path::new(PROGRAM);
    let err = weigh_apart(program, Unit::Thread, 1_000_000).unwrap_err();
    assert!(err.to_string().contains("room for"), "{err}");
}

#[test]
fn one_that_weighs_for_another_ends_with_it() {
    // What reads the end of a pipe when the other is gone reads it here at once:
    // long before that many processes run.
    let output = Command::new(PROGRAM)
        .args(["memory", "--end-with-stdin", "--unit", "process"])
        .args(["--count", "1000"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((output.stdout, output.stderr), (vec![], vec![]));
}
