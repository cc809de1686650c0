//! A pool that outlives its workers. Yours to write.
//!
//! cargo xtask exercise ch02 pool

use std::collections::{BTreeMap, VecDeque};

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A worker is there.
    Started { worker: u32 },
    /// A worker has done its job.
    Answered { worker: u32, job: u32 },
    /// A worker is gone, with whatever it had.
    Died { worker: u32 },
}

/// What is to be done.
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
    /// The job's answer is there.
    Done {
        job: u32,
    },
    /// The job has cost two workers their lives.
    Failed {
        job: u32,
    },
}

/// Decides what a pool of processes does.
pub struct Pool {
    queue: VecDeque<u32>,
    /// Who is alive, and what it has.
    workers: BTreeMap<u32, Option<u32>>,
}

impl Pool {
    /// Has these jobs to do, with so many workers; says what to begin with.
    pub fn new(jobs: Vec<u32>, workers: usize) -> (Pool, Vec<Order>) {
        let pool = Pool {
            queue: jobs.into(),
            workers: BTreeMap::new(),
        };
        (pool, vec![Order::Start; workers])
    }

    /// Takes what has happened; returns what is to be done now.
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
