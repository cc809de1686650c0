//! Stage one: workers that share a channel of jobs.

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

    /// Queues a job for the next free worker.
    pub fn submit(&self, work: impl FnOnce() + Send + 'static) {
        let jobs = self.jobs.as_ref().expect("`drop` alone takes it");
        // Fails only if all workers have ended.
        jobs.send(Box::new(work)).ok();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for worker in self.workers.drain(..) {
            // An error is the panic of a job.
            worker.join().ok();
        }
    }
}

fn next(queue: &Mutex<Receiver<Job>>) -> Option<Job> {
    let queue = queue.lock().expect("receiving does not panic");
    queue.recv().ok()
}
