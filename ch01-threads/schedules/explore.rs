//! Goes on where a schedule has failed, so that all of them are counted.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};

use shuttle::scheduler::{DfsScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, Runner};

/// What the threads of the current schedule have done.
static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Notes a step of the current schedule.
pub fn step(what: impl Into<String>) {
    lock(&LOG).push(what.into());
}

/// What came of all schedules.
#[derive(Default)]
pub struct Seen {
    pub schedules: usize,
    pub wrong: usize,
    pub cut_off: bool,
    /// Each log that differs from the others, and whether it was wrong.
    pub histories: BTreeMap<Vec<String>, bool>,
    pub first_wrong: Option<(Vec<String>, String)>,
}

impl Seen {
    pub fn wrong_histories(&self) -> usize {
        self.histories.values().filter(|wrong| **wrong).count()
    }
}

/// Runs `program` under every schedule, but not more than `limit`.
///
/// A schedule is wrong if it panics: by an assertion, or because no thread can
/// go on, which shuttle calls a deadlock.
pub fn explore(program: fn(), limit: usize) -> Seen {
    let dfs = DfsScheduler::new(None, false);
    let shared = Shared(Arc::new(Mutex::new(dfs)));
    let seen = Arc::new(Mutex::new(Seen::default()));
    // What would be printed is counted instead.
    panic::set_hook(Box::new(|_| {}));
    loop {
        let counter = Arc::clone(&seen);
        let run = move || {
            lock(&LOG).clear();
            lock(&counter).schedules += 1;
            program();
            let log = lock(&LOG).clone();
            lock(&counter).histories.entry(log).or_insert(false);
        };
        let runner = Runner::new(shared.clone(), quiet());
        // Each panic ends a runner and not the scheduler, which goes on with
        // the next schedule.
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| runner.run(run)));
        let mut seen_now = lock(&seen);
        let Err(payload) = outcome else {
            break;
        };
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| {
            payload.downcast_ref::<&str>().map(|text| text.to_string())
        });
        let first_line = text.unwrap_or_default();
        let end = first_line.lines().next().unwrap_or_default();
        // Then follow the tasks, which the log names better.
        let end = end.split(" blocked").next().unwrap_or_default();
        let log = lock(&LOG).clone();
        seen_now.wrong += 1;
        seen_now.histories.insert(log.clone(), true);
        seen_now.first_wrong.get_or_insert((log, end.to_string()));
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
