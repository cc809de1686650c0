//! A pool that survives panics: a queue, and workers that catch them.

use std::collections::VecDeque;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use exercise_harness::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use exercise_harness::thread::{self, JoinHandle};

/// Workers that wait for jobs.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    /// Notified when a job is queued, and when the pool is closed.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn FnOnce() + Send>>,
    closed: bool,
    panicked: usize,
}

impl Pool {
    /// Starts `workers` workers.
    pub fn new(workers: usize) -> Pool {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let start = |_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.work())
        };
        let workers = (0..workers).map(start).collect();
        Pool { shared, workers }
    }

    /// Queues a job for the next free worker. Does not wait.
    ///
    /// A job may submit another one. If it waits for that one, it needs a
    /// second worker: alone, it waits for ever.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        self.shared.lock().jobs.push_back(Box::new(job));
        self.shared.changed.notify_one();
    }

    /// Waits for all jobs and all workers; returns how many jobs panicked.
    ///
    /// # Panics
    ///
    /// In a job of this pool, whose worker would wait for itself.
    pub fn finish(self) -> usize {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
        let me = thread::current().id();
        let waits_for_itself =
            self.workers.iter().any(|worker| worker.thread().id() == me);
        assert!(!waits_for_itself, "a job waits for its own pool");
        for worker in self.workers {
            worker.join().expect("a worker outlives its jobs' panics");
        }
        self.shared.lock().panicked
    }
}

impl Shared {
    /// Runs jobs until the queue is empty and the pool is closed.
    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                // The lock is free: other workers take jobs meanwhile.
                drop(state);
                // Unwind safe: no other job sees this job's values.
                let outcome = catch_unwind(AssertUnwindSafe(job));
                let panicked = usize::from(outcome.is_err());
                // The payload is a value of the job's, and its `Drop` may panic
                // in turn. What that panic carries is leaked.
                catch_unwind(AssertUnwindSafe(|| drop(outcome)))
                    .unwrap_or_else(mem::forget);
                state = self.lock();
                state.panicked += panicked;
            } else if state.closed {
                return;
            } else {
                let woken = self.changed.wait(state);
                state = woken.unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    #[track_caller] // A schedule names the caller's line.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
