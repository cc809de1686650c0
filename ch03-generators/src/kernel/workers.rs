//! Threads for work that blocks.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use mio::Waker;

use super::trap::{Job, Tid};

/// As many threads as may block at once.
const MOST: usize = 8;

type Jobs = Arc<Mutex<Receiver<(Tid, Job)>>>;

/// A pool of threads that starts empty, and grows with the work.
///
/// The threads are not joined: they end when the pool is gone and their work is
/// done, however long that takes.
pub(super) struct Workers {
    jobs: Sender<(Tid, Job)>,
    queue: Jobs,
    done: (Sender<Tid>, Receiver<Tid>),
    waker: Arc<Waker>,
    threads: usize,
    /// Jobs that were given out and have not come back.
    pending: usize,
}

impl Workers {
    pub(super) fn new(waker: Arc<Waker>) -> Self {
        let (jobs, queue) = mpsc::channel();
        Workers {
            jobs,
            queue: Arc::new(Mutex::new(queue)),
            done: mpsc::channel(),
            waker,
            threads: 0,
            pending: 0,
        }
    }

    /// Gives out a job, for which task `tid` waits.
    pub(super) fn submit(&mut self, tid: Tid, job: Job) -> io::Result<()> {
        self.pending += 1;
        if self.pending > self.threads && self.threads < MOST {
            let (queue, done) = (self.queue.clone(), self.done.0.clone());
            let waker = self.waker.clone();
            thread::Builder::new()
                .spawn(move || work(&queue, &done, &waker))?;
            self.threads += 1;
        }
        let sent = self.jobs.send((tid, job));
        sent.map_err(|_| io::Error::other("no thread takes jobs"))
    }

    /// Returns whose jobs have been done.
    pub(super) fn finished(&mut self) -> Vec<Tid> {
        let tids: Vec<Tid> = self.done.1.try_iter().collect();
        self.pending -= tids.len();
        tids
    }
}

fn work(queue: &Jobs, done: &Sender<Tid>, waker: &Waker) {
    loop {
        // The others wait for the lock while this one waits for a job.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        // The pool is gone.
        let Ok((tid, job)) = job else { return };
        job();
        if done.send(tid).is_err() {
            return;
        }
        // Fails only if the poll is gone, and with it the scheduler.
        waker.wake().ok();
    }
}
