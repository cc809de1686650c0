//! An answer is an answer, from whomever.

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
    /// How many workers a job has cost.
    deaths: BTreeMap<u32, u32>,
    unanswered: usize,
}

impl Pool {
    /// Has these jobs to do, with so many workers; says what to begin with.
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

    /// Takes what has happened; returns what is to be done now.
    pub fn happened(&mut self, event: Event) -> Vec<Order> {
        let mut orders = Vec::new();
        match event {
            Event::Started { worker } => {
                self.workers.insert(worker, None);
            }
            Event::Answered { worker, job } => {
                // Of a worker that is gone, the job is another's by now.
                if let Some(has) = self.workers.get_mut(&worker) {
                    *has = None;
                }
                self.unanswered = self.unanswered.saturating_sub(1);
                orders.push(Order::Done { job });
            }
            Event::Died { worker } => {
                if let Some(job) = self.workers.remove(&worker).flatten() {
                    let deaths = self.deaths.entry(job).or_default();
                    *deaths += 1;
                    if *deaths < 2 {
                        self.queue.push_back(job);
                    } else {
                        self.unanswered = self.unanswered.saturating_sub(1);
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
