//! A pool that outlives its workers. Yours to write.
//!
//! cargo xtask exercise ch02 pool

use std::collections::{BTreeMap, VecDeque};

/// An event in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A worker has started.
    Started { worker: u32 },
    /// A worker has done its job.
    Answered { worker: u32, job: u32 },
    /// A worker has died, with the job that it had.
    Died { worker: u32 },
}

/// An order of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Start a worker; `Started` will say which.
    Start,
    Give {
        worker: u32,
        job: u32,
    },
    Stop {
        worker: u32,
    },
    /// The job is answered.
    Done {
        job: u32,
    },
    /// Two workers have died while they had the job.
    Failed {
        job: u32,
    },
}

/// The decisions of a pool of processes.
pub struct Pool {
    queue: VecDeque<u32>,
    /// The living workers, each with its job.
    workers: BTreeMap<u32, Option<u32>>,
}

impl Pool {
    /// Makes a pool for these jobs and workers; returns the first orders.
    pub fn new(jobs: Vec<u32>, workers: usize) -> (Pool, Vec<Order>) {
        let pool = Pool {
            queue: jobs.into(),
            workers: BTreeMap::new(),
        };
        (pool, vec![Order::Start; workers])
    }

    /// Takes an event; returns the orders that follow from it.
    pub fn happened(&mut self, event: Event) -> Vec<Order> {
        match event {
            Event::Started { worker } => {
                self.workers.insert(worker, None);
                todo!("give it a job")
            }
            Event::Answered { worker, job } => todo!("{worker} did {job}"),
            Event::Died { worker } => todo!("what did {worker} have?"),
        }
    }
}
