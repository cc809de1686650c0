//! Stage two: jobs with a result, and workers that survive a panic.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send>;

/// Threads that run jobs. Dropping a pool waits for its jobs.
pub struct Pool {
    jobs: Option<Sender<Job>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts `workers` workers.
    pub fn new(workers: usize) -> Pool {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let start = |_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                while let Some(job) = next(&queue) {
                    job();
                }
            })
        };
        let workers = (0..workers).map(start).collect();
        Pool {
            jobs: Some(jobs),
            workers,
        }
    }

    /// Queues a job; its result, or its panic, arrives on the receiver.
    pub fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Receiver<thread::Result<T>> {
        let (answer, answered) = mpsc::channel();
        let job = move || {
            // Unwind safe: no other job can see this job's values.
            let result = panic::catch_unwind(AssertUnwindSafe(work));
            // Fails only if the receiver was dropped.
            answer.send(result).ok();
        };
        let jobs = self.jobs.as_ref().expect("`drop` alone takes it");
        // Fails only if all workers have ended.
        jobs.send(Box::new(job)).ok();
        answered
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for worker in self.workers.drain(..) {
            // Fails only if dropping a result or a payload has panicked.
            worker.join().ok();
        }
    }
}

fn next(queue: &Mutex<Receiver<Job>>) -> Option<Job> {
    let queue = queue.lock().expect("receiving does not panic");
    queue.recv().ok()
}
