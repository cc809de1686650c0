//! A pool is a queue, and threads that do not end after one job.
//!
//! Results come back through handles. A job that panics reports to whoever
//! submitted it, and its worker takes the next.
//!
//! cargo run -p ch01-threads -- pool

// Spelled out, so that the schedules can include this file from elsewhere.
mod handle;

use std::collections::VecDeque;
use std::io;
use std::mem;
use std::sync::{Arc, OnceLock, mpsc};

use self::handle::{Job, Run, Slot};
pub use self::handle::{JobError, JobHandle};
use super::sync::thread::{self, Builder, JoinHandle, ThreadId};
use super::sync::{Condvar, Mutex, MutexGuard, PATIENCE, PoisonError};

/// Threads that run what they are given, first come, first served.
///
/// Dropping it ends it: jobs that run are waited for, jobs that still queue
/// are cancelled, and their handles say so. [`Pool::finish`] runs them all.
///
/// A job may submit jobs to its own pool and join them, and may be the one to
/// end the pool: its own worker is then not waited for.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// Known once all have started, before there is a job.
    workers: OnceLock<Vec<ThreadId>>,
}

struct State {
    /// Each with its number; the numbers ascend.
    queue: VecDeque<(u64, Box<dyn Run>)>,
    submitted: u64,
    idle: usize,
    open: bool,
}

impl Pool {
    /// Starts so many workers, at least one.
    ///
    /// # Errors
    ///
    /// The system has no thread left. Those already started end.
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
            // An error drops `pool`, which ends the others.
            let worker = Builder::new().name(name).spawn(move || {
                while let Some(job) = shared.next() {
                    handle::run(job);
                }
            })?;
            pool.workers.push(worker);
        }
        let id = |worker: &JoinHandle<()>| worker.thread().id();
        let ids = pool.workers.iter().map(id).collect();
        // Set here and nowhere else, so that it is empty before.
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
        // A worker that is busy looks at the queue before it sleeps: only one
        // that sleeps has to be woken.
        let wake = state.idle > 0;
        drop(state);
        if wake {
            self.shared.changed.notify_one();
        }
        JobHandle::new(id, slot, Arc::clone(&self.shared))
    }

    /// Submits a job for each item; yields the results in that order.
    ///
    /// All jobs are queued before this returns. Asking for a result waits for
    /// it, and an error surfaces when it is its turn.
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
        // Collected, because an iterator by itself would submit nothing yet.
        let handles: Vec<_> = items.into_iter().map(submit).collect();
        handles.into_iter().map(JobHandle::join)
    }

    /// Runs everything that is queued, then ends.
    pub fn finish(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.lock().open = false;
        // All of them, because each has to see it and leave.
        self.shared.changed.notify_all();
        let me = thread::current().id();
        for worker in self.workers.drain(..) {
            // A job ends its own pool: its worker leaves after this job.
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
        // A job that is dropped is cancelled. Outside the lock, because its
        // callbacks may submit, or drop something that does.
        drop(abandoned);
        self.end();
    }
}

impl Shared {
    // Recorded schedules name the line that asks, and not this one.
    #[track_caller]
    fn lock(&self) -> MutexGuard<'_, State> {
        // No user's code runs under this lock, so no panic does.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a job out of the queue, for a worker that waits for it.
    ///
    /// Other threads wait: jobs run in workers only.
    fn take_back(&self, id: u64) -> Option<Box<dyn Run>> {
        if !self.workers.get()?.contains(&thread::current().id()) {
            return None;
        }
        let queue = &mut self.lock().queue;
        let at = queue.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        queue.remove(at).map(|(_, job)| job)
    }

    /// Waits for a job, or for the end: then `None`.
    fn next(&self) -> Option<Box<dyn Run>> {
        let mut state = self.lock();
        let mut patience = PATIENCE;
        loop {
            if let Some((_, job)) = state.queue.pop_front() {
                return Some(job);
            }
            if !state.open {
                return None;
            }
            if patience > 0 {
                // To sleep and be woken costs more than to look again.
                patience -= 1;
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

/// Maps, survives a panic, and is dropped with jobs in the queue.
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

    let pool = Pool::new(1)?;
    let (started, running) = mpsc::channel();
    let (tell, told) = mpsc::channel::<()>();
    let busy = pool.submit(move || {
        started.send(()).expect("main waits for it");
        // Ends when the last of the others has gone.
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
