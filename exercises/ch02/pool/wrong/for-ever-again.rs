//! A job that kills its workers is retried for ever.

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
    /// How many workers have died with each job.
    deaths: BTreeMap<u32, u32>,
    unanswered: usize,
}

impl Pool {
    /// Makes a pool for these jobs and workers; returns the first orders.
    pub fn new(jobs: Vec<u32>, workers: usize) -> (Pool, Vec<Order>) {
        let unanswered = jobs.len();
        let pool = Pool {
            queue: jobs.into(),
            workers: BTreeMap::new(),
            deaths: BTreeMap::new(),
            unanswered,
        };
        (pool, vec![Order::Start; workers.min(unanswered)])
    }

    /// Takes an event; returns the orders that follow from it.
    pub fn happened(&mut self, event: Event) -> Vec<Order> {
        let mut orders = Vec::new();
        match event {
            Event::Started { worker } => {
                self.workers.insert(worker, None);
            }
            Event::Answered { worker, job } => {
                // The job of a dead worker belongs to another worker by now.
                let Some(has) = self.workers.get_mut(&worker) else {
                    return orders;
                };
                *has = None;
                self.unanswered -= 1;
                orders.push(Order::Done { job });
            }
            Event::Died { worker } => {
                if let Some(job) = self.workers.remove(&worker).flatten() {
                    let deaths = self.deaths.entry(job).or_default();
                    *deaths += 1;
                    if *deaths < 5 {
                        self.queue.push_back(job);
                    } else {
                        self.unanswered -= 1;
                        orders.push(Order::Failed { job });
                    }
                }
                if self.unanswered > 0 {
                    orders.push(Order::Start);
                }
            }
        }
        for (&worker, has) in &mut self.workers {
            if has.is_none()
                && let Some(job) = self.queue.pop_front()
            {
                *has = Some(job);
                orders.push(Order::Give { worker, job });
            }
        }
        if self.unanswered == 0 {
            let workers = std::mem::take(&mut self.workers).into_keys();
            orders.extend(workers.map(|worker| Order::Stop { worker }));
        }
        orders
    }
}
