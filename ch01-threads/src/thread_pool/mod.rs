//! Thread pool: a queue, and threads that take one job after another from it.
//!
//! A handle returns its job's result. If a job panics, `join` returns an error,
//! and the worker takes the next job.
//!
//! cargo run -p ch01-threads -- thread-pool

mod handle;

use std::collections::VecDeque;
use std::io;
use std::mem;
use std::sync::{Arc, OnceLock, mpsc};

use self::handle::{Job, Run, Slot};
pub use self::handle::{JobError, JobHandle};
use super::sync::thread::{self, Builder, JoinHandle, ThreadId};
use super::sync::{Condvar, Mutex, MutexGuard, PoisonError, SPIN_LIMIT};

/// Threads that run jobs in the order of their submission.
///
/// Dropping a pool waits for the jobs that run and cancels the jobs that are
/// queued; their handles return an error. [`Pool::finish`] runs all jobs.
///
/// A job may submit jobs to its own pool and join them. It may also drop the
/// pool, which then does not wait for that job's worker.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// Set once all workers have started, before the first job.
    workers: OnceLock<Vec<ThreadId>>,
}

struct State {
    /// Each job with its number; the numbers ascend.
    queue: VecDeque<(u64, Box<dyn Run>)>,
    submitted: u64,
    idle: usize,
    open: bool,
}

impl Pool {
    /// Starts `workers` workers, at least one.
    ///
    /// # Errors
    ///
    /// The system has no thread left. The workers already started end.
    pub fn new(workers: usize) -> io::Result<Pool> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                queue: VecDeque::new(),
                submitted: 0,
                idle: 0,
                open: true,
            }),
            changed: Condvar::new(),
            workers: OnceLock::new(),
        });
        let mut pool = Pool {
            shared: Arc::clone(&shared),
            workers: Vec::new(),
        };
        for i in 0..workers.max(1) {
            let shared = Arc::clone(&shared);
            let name = format!("worker-{i}");
            // An error drops `pool`, which ends the workers already started.
            let worker = Builder::new().name(name).spawn(move || {
                while let Some(job) = shared.next() {
                    handle::run(job);
                }
            })?;
            pool.workers.push(worker);
        }
        let id = |worker: &JoinHandle<()>| worker.thread().id();
        let ids = pool.workers.iter().map(id).collect();
        // Set only here, so the cell is still empty.
        pool.shared.workers.set(ids).ok();
        Ok(pool)
    }

    /// Queues a job and returns its handle at once.
    ///
    /// Jobs are numbered from 0 in the order of submission.
    pub fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JobHandle<T> {
        let slot = Arc::new(Slot::new());
        let job = Box::new(Job::new(work, Arc::clone(&slot)));
        let mut state = self.shared.lock();
        let id = state.submitted;
        state.submitted += 1;
        state.queue.push_back((id, job));
        // A busy worker looks at the queue before it sleeps, so only a
        // sleeping worker has to be woken.
        let wake = state.idle > 0;
        drop(state);
        if wake {
            self.shared.changed.notify_one();
        }
        JobHandle::new(id, slot, Arc::clone(&self.shared))
    }

    /// Submits a job for each item; yields the results in that order.
    ///
    /// All jobs are queued before this returns. `next` waits for the next
    /// result; a job's error is an item, and the items behind it still come.
    pub fn map<A, T, I, F>(
        &self,
        items: I,
        work: F,
    ) -> impl Iterator<Item = Result<T, JobError>> + use<A, T, I, F>
    where
        A: Send + 'static,
        T: Send + 'static,
        I: IntoIterator<Item = A>,
        F: Fn(A) -> T + Send + Sync + 'static,
    {
        let work = Arc::new(work);
        let submit = |item| {
            let work = Arc::clone(&work);
            self.submit(move || work(item))
        };
        // Collected, because an iterator is lazy: it would submit no job yet.
        let handles: Vec<_> = items.into_iter().map(submit).collect();
        handles.into_iter().map(JobHandle::join)
    }

    /// Runs all queued jobs, then ends.
    pub fn finish(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.lock().open = false;
        // All workers, because each has to see the change and end.
        self.shared.changed.notify_all();
        let me = thread::current().id();
        for worker in self.workers.drain(..) {
            // A job ends its own pool: its worker ends after this job.
            if worker.thread().id() == me {
                continue;
            }
            // Workers catch the panics of their jobs.
            worker.join().expect("a worker does not panic");
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let abandoned = mem::take(&mut self.shared.lock().queue);
        // Dropping a job cancels it. Outside the lock, because its callbacks
        // may submit jobs, or drop a value that does.
        drop(abandoned);
        self.end();
    }
}

impl Shared {
    // Recorded schedules name the caller's line, and not this one.
    #[track_caller]
    fn lock(&self) -> MutexGuard<'_, State> {
        // No user's code runs under this lock, so no panic can poison it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a job out of the queue, for a worker that joins it.
    ///
    /// Returns `None` on other threads: jobs run in workers only.
    fn take_back(&self, id: u64) -> Option<Box<dyn Run>> {
        if !self.workers.get()?.contains(&thread::current().id()) {
            return None;
        }
        let queue = &mut self.lock().queue;
        let at = queue.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        queue.remove(at).map(|(_, job)| job)
    }

    /// Waits for a job; returns `None` once the pool has ended.
    fn next(&self) -> Option<Box<dyn Run>> {
        let mut state = self.lock();
        let mut spins_left = SPIN_LIMIT;
        loop {
            if let Some((_, job)) = state.queue.pop_front() {
                return Some(job);
            }
            if !state.open {
                return None;
            }
            if spins_left > 0 {
                // A sleep and a wake-up cost more than another look.
                spins_left -= 1;
                drop(state);
                thread::yield_now();
                state = self.lock();
                continue;
            }
            state.idle += 1;
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

/// Maps, survives a panic, and drops a pool with jobs in its queue.
///
/// # Errors
///
/// The system has no thread left.
pub fn demo() -> io::Result<()> {
    let pool = Pool::new(3)?;
    let (tell, told) = mpsc::channel();
    // Job 0 ends last, because it waits for the four others.
    let first = pool.submit(move || told.iter().take(4).count());
    let others = pool.map(1..=4, move |n| {
        println!("[job {n}] runs");
        tell.send(n).expect("job 0 listens to four");
        n * 10
    });
    println!("job 0 has waited for {:?}", first.join());
    println!("in order: {:?}", others.collect::<Vec<_>>());

    let divide = |n: u32| 10 / n;
    let results: Vec<_> = pool.map([5, 0, 2], divide).collect();
    println!("one panic of three: {results:?}");
    pool.finish();
    demo_drop()
}

/// Drops a pool with one running job and three queued ones.
fn demo_drop() -> io::Result<()> {
    let pool = Pool::new(1)?;
    let (started, running) = mpsc::channel();
    let (tell, told) = mpsc::channel::<()>();
    let busy = pool.submit(move || {
        started.send(()).expect("main waits for it");
        // `recv` returns once the last queued job was dropped.
        told.recv().is_err()
    });
    running.recv().expect("job 0 sends this first");
    let queued = [(); 3].map(|()| {
        let tell = tell.clone();
        pool.submit(move || drop(tell))
    });
    drop(tell);
    drop(pool);
    println!("dropped, job 0: {:?}", busy.join());
    println!("dropped, jobs 1 to 3: {:?}", queued.map(JobHandle::join));
    Ok(())
}
