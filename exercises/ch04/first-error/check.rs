//! What a group of tasks owes to its caller, on a clock that jumps.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use exercise_harness::{Check, expect, tell};
use tokio::time::{Instant, sleep, timeout};

use super::solution::{Failed, all_or_none};

type Task = Pin<Box<dyn Future<Output = Result<u64, String>> + Send>>;

/// How many tasks are at work: each one that stops, on any way out, leaves.
#[derive(Clone, Default)]
struct Busy(Arc<AtomicUsize>);

struct AtWork(Busy);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, SeqCst);
    }
}

impl Busy {
    /// Returns a task that takes some seconds and has this end.
    fn task(&self, seconds: u64, end: Result<(), &'static str>) -> Task {
        let busy = self.clone();
        Box::pin(async move {
            busy.0.fetch_add(1, SeqCst);
            let _at_work = AtWork(busy);
            sleep(Duration::from_secs(seconds)).await;
            match end {
                Ok(()) => tell(format!("{seconds} s"), "is done"),
                Err(said) => tell(format!("{seconds} s"), said),
            }
            if end == Err("panics") {
                panic!("a task panics, on purpose");
            }
            end.map(|()| seconds).map_err(str::to_string)
        })
    }
}

/// Runs the tasks, and checks the answer, its time, and that none is at work.
async fn run(
    tasks: Vec<(u64, Result<(), &'static str>)>,
    expected: Result<Vec<u64>, Failed>,
    seconds: u64,
) {
    let busy = Busy::default();
    let tasks = tasks.iter().map(|(s, end)| busy.task(*s, *end)).collect();
    let start = Instant::now();
    let said = all_or_none(tasks).await;
    tell("the caller", "has its answer");
    expect(
        "the answer comes",
        after(seconds),
        after(start.elapsed().as_secs()),
    );
    match (&said, &expected) {
        (Ok(said), Ok(expected)) => expect("the outputs are", expected, said),
        _ => expect("the answer is", &expected, &said),
    }
    expect(
        "with the answer there, still at work are",
        0,
        busy.0.load(SeqCst),
    );
}

fn after(seconds: u64) -> String {
    format!("after {seconds} s")
}

pub fn check(check: &mut Check) {
    let fails = |said: &str| Err(Failed::Said(said.to_string()));
    check
        .case("they run side by side, and answer in their order", 2)
        .virtual_time(|| {
            let tasks = vec![(2, Ok(())), (3, Ok(())), (1, Ok(()))];
            run(tasks, Ok(vec![2, 3, 1]), 3)
        });
    check
        .case("an error is returned when it comes, and ends the others", 3)
        .virtual_time(|| {
            let tasks = vec![(5, Ok(())), (1, Err("no milk")), (9, Ok(()))];
            run(tasks, fails("no milk"), 1)
        });
    check
        .case("of two errors the first is returned", 2)
        .virtual_time(|| {
            let tasks = vec![(4, Err("no eggs")), (2, Err("no milk"))];
            run(tasks, fails("no milk"), 2)
        });
    check
        .case("a panic is a failure of the task, not of the group", 4)
        .virtual_time(|| {
            let tasks = vec![(5, Ok(())), (1, Err("panics"))];
            run(tasks, Err(Failed::Panicked), 1)
        });
    check
        .case("no tasks, no outputs", 1)
        .virtual_time(|| run(vec![], Ok(vec![]), 0));
    check
        .case("`all_or_none`, dropped, drops the tasks", 1)
        .virtual_time(async || {
            let busy = Busy::default();
            let tasks = vec![busy.task(5, Ok(())), busy.task(9, Ok(()))];
            let patience = Duration::from_secs(1);
            timeout(patience, all_or_none(tasks)).await.ok();
            tell("the caller", "has gone");
            sleep(Duration::from_millis(1)).await;
            expect("a moment later, still at work are", 0, busy.0.load(SeqCst));
        });
}
