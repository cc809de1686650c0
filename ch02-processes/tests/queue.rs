//! The queue, with a broker, and with everybody being killed.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers may what tests may")]

mod broker;

use async_nats::jetstream::AckKind;
use broker::{Broker, run, until, workers};
use futures::StreamExt;
use rustix::process::Signal;

/// A prime that takes seconds.
const SLOW: &str = "1000000000000000003";
/// One that takes longer than a job may be without a sign of life.
const SLOWER: &str = "9223372036854775783";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits for a program's end and returns the last that it said.
fn last_line(program: broker::Program) -> String {
    let errors = text(&program.end().stderr);
    errors.lines().last().unwrap_or_default().to_string()
}

fn lines(numbers: std::ops::RangeInclusive<u32>) -> String {
    numbers.map(|n| format!("{n}\n")).collect()
}

#[test]
fn without_a_broker_there_is_one_error_that_names_it() {
    for side in [&["--worker"][..], &[]] {
        let url = ["--broker", "nats://127.0.0.1:1"];
        let ran = run(&[&url, side].concat());
        assert_eq!(ran.status.code(), Some(1));
        let errors = text(&ran.stderr);
        assert!(errors.starts_with("error: no broker at 127.0.0.1:1: "));
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}

#[test]
fn needs_nats_server_a_broker_that_keeps_nothing_is_refused() {
    let broker = Broker::start(&[]);
    let ran = broker.submitter().end();
    assert_eq!(ran.status.code(), Some(1));
    let errors = text(&ran.stderr);
    assert!(errors.contains(": jetstream unavailable; "), "{errors}");
}

#[test]
fn needs_nats_server_ten_thousand_jobs_have_one_answer_each_though_processes_are_killed()
 {
    let mut broker = Broker::start(&["-js"]);
    let mut submitter = broker.submitter();
    submitter.submit(&lines(1..=10_000), true);
    let workers: Vec<_> = (0..4).map(|_| broker.worker()).collect();

    let mut answers = submitter.answers(1_000);
    workers[0].signal(Signal::KILL);
    answers.extend(submitter.answers(2_000));
    broker.restart();
    answers.extend(submitter.answers(2_000));
    workers[1].signal(Signal::KILL);

    let ran = submitter.end();
    let errors = text(&ran.stderr);
    assert_eq!(ran.status.code(), Some(0), "{errors}");
    assert!(errors.contains("10000 done, 0 failed"), "{errors}");
    answers.extend(text(&ran.stdout).lines().map(str::to_string));
    let numbers = answers.iter().map(|line| line.split(' ').next().unwrap());
    assert!(numbers.eq((1..=10_000).map(|n| n.to_string())));
    assert_eq!(
        broker.kept("PLATES_JOBS") + broker.kept("PLATES_ANSWERS"),
        0
    );
}

#[test]
fn needs_nats_server_a_job_whose_worker_is_killed_is_done_by_another() {
    let broker = Broker::start(&["-js"]);
    let mut submitter = broker.submitter();
    submitter.submit(&format!("{SLOW}\n"), true);
    let mut first = broker.worker();
    first.is_busy();
    first.signal(Signal::KILL);
    assert_eq!(first.end().status.code(), None);
    // It had not answered.
    assert_eq!((broker.in_hand(), broker.kept("PLATES_ANSWERS")), (1, 0));

    let second = broker.worker();
    let ran = submitter.end();
    assert_eq!(text(&ran.stdout), format!("{SLOW} is prime\n"));
    second.signal(Signal::INT);
    assert_eq!(last_line(second), "1 jobs done");
}

#[test]
fn needs_nats_server_a_frozen_worker_that_wakes_up_is_not_heard_twice() {
    let broker = Broker::start(&["-js"]);
    let mut submitter = broker.submitter();
    submitter.submit(&format!("{SLOW}\n"), false);
    let mut frozen = broker.worker();
    frozen.is_busy();
    frozen.signal(Signal::STOP);
    assert_eq!(broker.kept("PLATES_ANSWERS"), 0);

    let other = broker.worker();
    assert_eq!(submitter.answers(1), [format!("{SLOW} is prime")]);
    other.signal(Signal::INT);
    assert_eq!(last_line(other), "1 jobs done");

    frozen.signal(Signal::CONT);
    submitter.submit("9\n", true);
    // The frozen one is the only worker, and finishes what it had first.
    let ran = submitter.end();
    assert_eq!(text(&ran.stdout), "9 is not prime\n");
    frozen.signal(Signal::INT);
    assert_eq!(last_line(frozen), "2 jobs done");
}

#[test]
fn needs_nats_server_a_worker_drains_and_a_long_job_is_not_handed_out_again() {
    let broker = Broker::start(&["-js"]);
    let mut submitter = broker.submitter();
    submitter.submit(&format!("{SLOWER}\n7\n"), true);
    let mut worker = broker.worker();
    worker.is_busy();
    let idle = broker.worker();
    worker.signal(Signal::INT);
    let ran = worker.end();
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!(text(&ran.stderr), "1 jobs done\n");
    let ran = submitter.end();
    let expected = format!("{SLOWER} is prime\n7 is prime\n");
    assert_eq!(text(&ran.stdout), expected);
    // In all that time it was not given the long one.
    idle.signal(Signal::INT);
    assert_eq!(last_line(idle), "1 jobs done");
}

#[test]
fn needs_nats_server_a_submitter_drains() {
    let broker = Broker::start(&["-js"]);
    let mut submitter = broker.submitter();
    submitter.submit("7\n8\n", false);
    let stored = || (broker.kept("PLATES_JOBS") == 2).then_some(());
    until("two jobs", stored);
    submitter.signal(Signal::INT);
    let worker = broker.worker();
    assert_eq!(submitter.answers(2), ["7 is prime", "8 is not prime"]);
    // Its stdin is still open.
    until("the end", || submitter.has_ended().then_some(()));
    let ran = submitter.end();
    assert_eq!(ran.status.code(), Some(130));
    let errors = text(&ran.stderr);
    assert!(errors.contains("\n2 answers are due; "), "{errors}");
    drop(worker);
}

#[test]
fn needs_nats_server_no_more_than_a_thousand_lines_are_under_way() {
    let broker = Broker::start(&["-js"]);
    let mut submitter = broker.submitter();
    submitter.submit(&lines(1..=3_000), true);
    let full = || (broker.kept("PLATES_JOBS") == 1_000).then_some(());
    until("a full queue", full);
    let _worker = broker.worker();
    for n in 1..=30 {
        assert_eq!(submitter.answers(100).len(), 100);
        // The one more is answered, and not yet acknowledged.
        assert!(broker.kept("PLATES_JOBS") <= 1_001, "after {n}00");
    }
    assert_eq!(submitter.end().status.code(), Some(0));
}

#[test]
fn needs_nats_server_job_that_no_worker_finishes_is_given_up() {
    let broker = Broker::start(&["-js"]);
    // The first worker makes the consumer.
    let first = broker.worker();
    until("the consumer", || {
        broker.ask(async |context| workers(&context).await.map(drop))
    });
    first.signal(Signal::INT);
    first.end();

    let mut submitter = broker.submitter();
    submitter.submit("7\n", true);
    broker.ask(async |context| {
        let workers = workers(&context).await.unwrap();
        let mut jobs = workers.messages().await.unwrap();
        for _ in 0..3 {
            let job = jobs.next().await.unwrap().unwrap();
            job.ack_with(AckKind::Nak(None)).await.unwrap();
        }
        // The fourth time it is for a worker of ours.
    });
    let _worker = broker.worker();
    let ran = submitter.end();
    assert_eq!(ran.status.code(), Some(1));
    let errors = text(&ran.stderr);
    assert!(errors.contains("line 1: given up: 3 workers"), "{errors}");
}

#[test]
fn needs_nats_server_message_that_is_no_job_is_discarded() {
    let broker = Broker::start(&["-js"]);
    let worker = broker.worker();
    let mut submitter = broker.submitter();
    submitter.submit("7\n", false);
    assert_eq!(submitter.answers(1), ["7 is prime"]);
    broker.ask(async |context| {
        let sent = context.publish("plates.jobs.nobody", "Hello!".into());
        sent.await.unwrap().await.unwrap();
    });
    until("an empty queue", || {
        (broker.kept("PLATES_JOBS") == 0).then_some(())
    });
    worker.signal(Signal::INT);
    let errors = text(&worker.end().stderr);
    assert!(errors.contains("plates.jobs.nobody: no job"), "{errors}");
}
