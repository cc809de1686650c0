//! What needs a process: the far end of a pipe.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use ch03_generators::carriers::process::Process;
use ch03_generators::carriers::{CARRIERS, behind, carried, run};
use ch03_generators::coroutine::Resumable;
use ch03_generators::pipeline::log;

/// Fails a test that hangs.
fn in_time(test: impl FnOnce() + Send + 'static) {
    let (tx, rx) = std::sync::mpsc::channel();
    let test = std::thread::spawn(move || {
        test();
        tx.send(()).expect("the test waits for it");
    });
    let end = rx.recv_timeout(std::time::Duration::from_secs(60));
    assert_ne!(end, Err(std::sync::mpsc::RecvTimeoutError::Timeout));
    test.join().expect("the test passes");
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch03-generators"));
    command.args(["carriers", "--far-end"]);
    command
}

/// Whether the process table has an entry, be it a zombie's. Only Linux shows it
/// as a folder; elsewhere this finds none.
fn exists(id: u32) -> bool {
    Path::new("/proc").join(id.to_string()).exists()
}

#[test]
fn every_carrier_brings_the_same_report() {
    in_time(|| {
        let reports = CARRIERS.map(|carrier| {
            let lines = log::lines(3).take(5_000);
            run(lines, behind(carrier, program()).unwrap()).unwrap()
        });
        assert!(reports[0].ends_with(|c: char| c.is_ascii_digit()));
        assert!(reports.iter().all(|report| *report == reports[0]));
    });
}

/// How many threads this process has. Only Linux tells; elsewhere this is 0.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

#[test]
fn ten_thousand_stages_in_threads_leave_no_thread_behind() {
    in_time(|| {
        for _ in 0..20 {
            let stages: Vec<_> = (0..500)
                .map(|_| {
                    let mut stage = behind("thread", program()).unwrap();
                    stage.send("about python".to_string()).yielded().unwrap();
                    stage
                })
                .collect();
            drop(stages);
        }
        // The other tests of this file have threads, too: two each.
        assert!(threads() < 50, "{} threads", threads());
    });
}

#[test]
fn a_process_is_waited_for_on_every_way_out() {
    in_time(|| {
        let started = || {
            let process = Process::start(program()).unwrap();
            let id = process.id();
            (carried(process).unwrap(), id)
        };
        let (mut stage, id) = started();
        stage.send("about python".to_string()).yielded().unwrap();
        let report = stage.close().unwrap().unwrap();
        assert_eq!(report, "1, last about python");
        assert!(!exists(id), "after close");

        let (stage, id) = started();
        drop(stage);
        assert!(!exists(id), "after drop");

        let (mut stage, id) = started();
        let raised = stage.throw(std::fmt::Error);
        drop(raised);
        assert!(!exists(id), "after throw");
    });
}

#[test]
fn error_of_the_far_stage_comes_back_through_the_pipe() {
    in_time(|| {
        let lines = std::iter::once("poison".to_string())
            .chain(log::lines(1).take(10_000));
        let raised = run(lines, behind("process", program()).unwrap());
        assert_eq!(raised.unwrap_err().to_string(), "poisoned");
    });
}

#[test]
fn a_child_that_leaves_no_answer_is_an_error() {
    in_time(|| {
        // Answers to `--list`, and so with something that is no frame.
        let mut wrong = Command::new(env!("CARGO_BIN_EXE_ch03-generators"));
        wrong.arg("--list");
        assert!(
            run([], carried(Process::start(wrong).unwrap()).unwrap()).is_err()
        );
    });
}

#[test]
fn far_end_refuses_bytes_that_are_no_frame() {
    in_time(|| {
        let mut child = program()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(output.stderr.starts_with(b"error: "));
    });
}
