//! Runs threads under every schedule.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shuttle::scheduler::{DfsScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use crate::record::{Ended, Explored};
use crate::trace;

/// Runs `program` under every schedule, but not more than `limit`.
///
/// Where no thread can go on, the schedule has ended, and the search goes on.
/// Of what `program` makes, the first `named` have a name.
///
/// # Panics
///
/// `program` does, and it is no deadlock.
pub fn explore(named: usize, program: fn() -> Ended, limit: usize) -> Explored {
    let scheduler = Shared::new(DfsScheduler::new(None, false));
    let explored = Arc::new(Mutex::new(Explored::default()));
    // shuttle sets its own hook in its first run, and ours has to be last: what
    // would be printed is counted instead.
    shuttle::check_dfs(|| {}, Some(1));
    panic::set_hook(Box::new(|_| {}));
    loop {
        let counter = Arc::clone(&explored);
        // Each panic ends a runner and not the scheduler, which goes on with
        // the next schedule.
        let failure = run(scheduler.clone(), MaxSteps::None, move || {
            trace::begin(Some(named));
            lock(&counter).begun += 1;
            let ended = program();
            lock(&counter).add(trace::current(), ended);
        });
        let Some(text) = failure else {
            break;
        };
        assert!(text.starts_with("deadlock"), "no deadlock, but: {text}");
        let mut explored = lock(&explored);
        explored.add(trace::deadlock(), Ended::wrong("no thread can go on"));
        if explored.begun >= limit {
            explored.cut_off = true;
            break;
        }
    }
    // The default one again.
    drop(panic::take_hook());
    std::mem::take(&mut lock(&explored))
}

/// Runs a program under the schedules of a scheduler, up to the first that
/// panics; returns what shuttle says about that.
pub fn run(
    scheduler: impl Scheduler + 'static,
    max_steps: MaxSteps,
    program: impl Fn() + Send + Sync + 'static,
) -> Option<String> {
    let mut config = Config::new();
    // Its file or text would hold the schedule in shuttle's own language.
    config.failure_persistence = FailurePersistence::None;
    config.max_steps = max_steps;
    // A panic's message is made on the thread's own stack.
    config.stack_size = 0x2_0000;
    // That it knows one order for all threads is said where it matters.
    config.silence_warnings = true;
    let runner = Runner::new(scheduler, config);
    let run = AssertUnwindSafe(|| runner.run(program));
    let payload = panic::catch_unwind(run).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    Some(text.unwrap_or_default())
}

/// A scheduler that outlives the runner which it is lent to, and tells the
/// trace when a thread falls asleep.
pub struct Shared<S>(Arc<Mutex<S>>);

impl<S> Shared<S> {
    /// Wraps a scheduler.
    pub fn new(scheduler: S) -> Shared<S> {
        Shared(Arc::new(Mutex::new(scheduler)))
    }

    /// Returns the scheduler.
    pub fn get(&self) -> MutexGuard<'_, S> {
        lock(&self.0)
    }
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Shared<S> {
        Shared(Arc::clone(&self.0))
    }
}

impl<S: Scheduler> Scheduler for Shared<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.get().new_execution()
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
        self.get().next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.get().next_u64()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Panics are what is counted here.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
