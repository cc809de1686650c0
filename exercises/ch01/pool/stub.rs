//! A pool that survives panics. Yours to write.
//!
//! cargo xtask exercise ch01 pool

use exercise_harness::thread::JoinHandle;

/// Workers that wait for jobs.
pub struct Pool {
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts so many workers.
    pub fn new(workers: usize) -> Pool {
        todo!("start them: exercise_harness::thread::spawn")
    }

    /// Hands a job to the worker that is free next. Does not wait.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        todo!("put it where the workers look")
    }

    /// Waits for all jobs and all workers; returns how many jobs panicked.
    pub fn finish(self) -> usize {
        todo!("close, wake, join")
    }
}
