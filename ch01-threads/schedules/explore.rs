//! Goes on where a schedule has failed, so that all of them are counted.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};

use shuttle::scheduler::{DfsScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, Runner};

use crate::trace::{self, Step, Want};

/// How a schedule ended.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    pub wrong: bool,
    pub says: String,
}

/// What all schedules with the same steps have in common.
#[derive(Clone)]
pub struct History {
    pub schedules: usize,
    pub outcome: Outcome,
    pub start: Vec<String>,
    pub wants: BTreeMap<usize, Want>,
}

/// What came of all schedules.
#[derive(Default)]
pub struct Seen {
    pub schedules: usize,
    pub cut_off: bool,
    pub histories: BTreeMap<Vec<Step>, History>,
}

impl Seen {
    fn ended(&mut self, outcome: Outcome) {
        let (log, wants) = trace::end();
        let history = self.histories.entry(log.steps).or_insert(History {
            schedules: 0,
            outcome,
            start: log.start,
            wants,
        });
        history.schedules += 1;
    }
}

/// Names of threads and of what they share, in the order of their making.
pub type Names = &'static [&'static str];

/// Runs `program` under every schedule, but not more than `limit`.
///
/// shuttle panics if no thread can go on, which it calls a deadlock.
pub fn explore(
    program: fn() -> Outcome,
    (threads, shared): (Names, Names),
    limit: usize,
) -> Seen {
    let dfs = DfsScheduler::new(None, false);
    let scheduler = Shared(Arc::new(Mutex::new(dfs)));
    let seen = Arc::new(Mutex::new(Seen::default()));
    // What would be printed is counted instead.
    panic::set_hook(Box::new(|_| {}));
    loop {
        let counter = Arc::clone(&seen);
        let run = move || {
            trace::begin(threads, shared);
            lock(&counter).schedules += 1;
            let outcome = program();
            lock(&counter).ended(outcome);
        };
        let runner = Runner::new(scheduler.clone(), quiet());
        // Each panic ends a runner and not the scheduler, which goes on with
        // the next schedule.
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| runner.run(run)));
        let Err(payload) = outcome else {
            break;
        };
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.unwrap_or_default();
        assert!(text.starts_with("deadlock"), "no deadlock, but: {text}");
        let mut seen_now = lock(&seen);
        seen_now.ended(Outcome {
            wrong: true,
            says: "nobody can go on".to_string(),
        });
        if seen_now.schedules >= limit {
            seen_now.cut_off = true;
            break;
        }
    }
    // The default one again.
    drop(panic::take_hook());
    std::mem::take(&mut lock(&seen))
}

fn quiet() -> Config {
    let mut config = Config::new();
    // Its file or text would hold the schedule in shuttle's own language.
    config.failure_persistence = shuttle::FailurePersistence::None;
    config
}

/// A scheduler that outlives the runner which it is lent to.
#[derive(Clone)]
struct Shared(Arc<Mutex<DfsScheduler>>);

impl Scheduler for Shared {
    fn new_execution(&mut self) -> Option<Schedule> {
        lock(&self.0).new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        let cannot = |id: &TaskId| runnable.iter().all(|task| task.id() != *id);
        if let Some(blocked) = current.filter(cannot) {
            trace::switched_from(blocked.into());
        }
        lock(&self.0).next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        lock(&self.0).next_u64()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Panics are what is counted here.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
