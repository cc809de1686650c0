//! What a pool guarantees to its jobs, even if workers die.

use std::collections::{BTreeMap, VecDeque};

use exercise_harness::{Check, expect, tell, wrong};

use super::solution::{Event, Order, Pool};

/// A simulated set of workers: each one's job, and each job's answer.
struct World {
    pool: Pool,
    orders: VecDeque<Order>,
    alive: BTreeMap<u32, Option<u32>>,
    started: u32,
    answers: BTreeMap<u32, bool>,
    /// How often a job has killed its worker.
    killed: BTreeMap<u32, u32>,
}

impl World {
    fn new(jobs: u32, workers: usize) -> World {
        let (pool, orders) = Pool::new((0..jobs).collect(), workers);
        World {
            pool,
            orders: orders.into(),
            alive: BTreeMap::new(),
            started: 0,
            answers: BTreeMap::new(),
            killed: BTreeMap::new(),
        }
    }

    fn happens(&mut self, event: Event) {
        tell("it happens", format!("{event:?}"));
        self.orders.extend(self.pool.happened(event));
    }

    /// Carries out all orders; says whether there were any.
    fn obeys(&mut self) -> bool {
        let Some(order) = self.orders.pop_front() else {
            return false;
        };
        tell("the pool", format!("{order:?}"));
        match order {
            Order::Start => {
                self.started += 1;
                let worker = self.started;
                self.alive.insert(worker, None);
                self.happens(Event::Started { worker });
            }
            Order::Give { worker, job } => {
                let elsewhere =
                    self.alive.values().any(|has| *has == Some(job));
                match self.alive.get_mut(&worker) {
                    Some(has @ None) if !elsewhere => *has = Some(job),
                    has => wrong(
                        "a job that no worker has, for an idle worker",
                        format!(
                            "job {job} for worker {worker}, which has {has:?}"
                        ),
                    ),
                }
            }
            Order::Stop { worker } => {
                let has = self.alive.remove(&worker);
                expect("a worker that is stopped has", Some(None), has);
            }
            Order::Done { job } => self.answered(job, true),
            Order::Failed { job } => {
                let deaths = self.killed.get(&job).copied().unwrap_or(0);
                expect("a job that has failed has cost", 2, deaths);
                self.answered(job, false);
            }
        }
        true
    }

    fn answered(&mut self, job: u32, well: bool) {
        if self.answers.insert(job, well).is_some() {
            wrong("one answer", format!("job {job} is answered twice"));
        }
    }

    fn dies(&mut self, worker: u32) {
        if let Some(job) = self.alive.remove(&worker).flatten() {
            *self.killed.entry(job).or_default() += 1;
        }
        self.happens(Event::Died { worker });
    }

    fn answers(&mut self, worker: u32) {
        if let Some(Some(job)) = self.alive.insert(worker, None) {
            self.happens(Event::Answered { worker, job });
        }
    }

    /// Goes on until no order is left; then all jobs must be answered.
    fn ends(&mut self, jobs: u32, mut fate: impl FnMut(u32, u32) -> bool) {
        for _ in 0..500 {
            if self.obeys() {
                continue;
            }
            let busy =
                self.alive.iter().find_map(|(w, has)| Some((*w, (*has)?)));
            match busy {
                Some((worker, job)) if fate(worker, job) => {
                    self.answers(worker)
                }
                Some((worker, _)) => self.dies(worker),
                None => break,
            }
        }
        let missing: Vec<u32> = (0..jobs)
            .filter(|job| !self.answers.contains_key(job))
            .collect();
        if !missing.is_empty() {
            wrong("an answer to each job", format!("{missing:?} are missing"));
        }
        let left: Vec<&u32> = self.alive.keys().collect();
        if !left.is_empty() {
            wrong("no workers in the end", format!("{left:?} are not stopped"));
        }
    }
}

pub fn check(check: &mut Check) {
    check.case("each job has its answer", 2).once(|| {
        World::new(5, 2).ends(5, |_, _| true);
    });
    check.case("no jobs, no workers", 5).once(|| {
        let world = World::new(0, 2);
        expect("the first orders are", VecDeque::new(), world.orders);
    });
    check
        .case("a job survives one dead worker, not two", 1)
        .once(|| {
            let mut world = World::new(3, 1);
            let mut tries = 0;
            // Job 0 kills every worker, job 1 the first one.
            world.ends(3, |_, job| {
                tries += u32::from(job == 1);
                job == 2 || job == 1 && tries > 1
            });
            let expected = BTreeMap::from([(0, false), (1, true), (2, true)]);
            expect("done are", expected, world.answers);
        });
    check
        .case("an idle worker takes a job that comes back", 4)
        .once(|| {
            let mut world = World::new(2, 2);
            while world.obeys() {}
            // The first worker is idle when the second dies, and no new worker
            // starts.
            world.answers(1);
            world.dies(2);
            world.orders.retain(|order| *order != Order::Start);
            world.ends(2, |_, _| true);
        });
    check
        .case("an answer of a dead worker is dropped", 4)
        .once(|| {
            let mut world = World::new(1, 1);
            while world.obeys() {}
            world.dies(1);
            // The answer was written before the worker's end, and arrives after.
            world.happens(Event::Answered { worker: 1, job: 0 });
            world.ends(1, |_, _| true);
        });
    check
        .case("all this in three hundred random histories", 3)
        .rounds(300, |random, size| {
            let jobs = 1 + size as u32 / 40;
            let mut world = World::new(jobs, random.usize(1..4));
            for _ in 0..size / 10 {
                while random.u8(..4) > 0 && world.obeys() {}
                let all: Vec<u32> = world.alive.keys().copied().collect();
                let Some(worker) = random.choice(all) else {
                    continue;
                };
                // Orders not yet carried out are carried out before it dies.
                while world.obeys() {}
                if !world.alive.contains_key(&worker) {
                    continue;
                }
                match random.u8(..3) {
                    0 => world.dies(worker),
                    _ => world.answers(worker),
                }
            }
            world.ends(jobs, |_, _| true);
        });
}
