//! A pool that survives panics. Yours to write.
//!
//! cargo xtask exercise ch01 pool

use exercise_harness::thread::JoinHandle;

/// Workers that wait for jobs.
pub struct Pool {
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts `workers` workers.
    pub fn new(workers: usize) -> Pool {
        todo!("start them: exercise_harness::thread::spawn")
    }

    /// Queues a job for the next free worker. Does not wait.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        todo!("queue it, and wake a worker")
    }

    /// Waits for all jobs and all workers; returns how many jobs panicked.
    pub fn finish(self) -> usize {
        todo!("close, wake, join")
    }
}
