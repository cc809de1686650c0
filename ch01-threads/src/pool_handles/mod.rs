//! Handles of a pool: `is_done`, `join`, `cancel`, and a callback.
//!
//! A handle is the `Future` of `concurrent.futures`. Rust's `Future` is another
//! thing, the subject of chapter 4: it does nothing until it is polled.
//!
//! cargo run -p ch01-threads -- pool-handles

use std::fmt;
use std::io;
use std::mem;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::thread_pool::{JobError, JobHandle, Pool};

/// The time is over; counts the unfinished jobs.
#[derive(Debug, PartialEq)]
pub struct Unfinished(pub usize);

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} jobs are unfinished", self.0)
    }
}

impl std::error::Error for Unfinished {}

/// Yields the place in `handles` and the result of each job as it is done,
/// until `limit` is over.
///
/// The place, and not the job's number: the handles may be of several pools,
/// and each pool counts from 0. The limit is for all of them together. An `Err` of the outer kind is the
/// last item; the jobs go on, their handles are gone.
pub fn as_completed<T>(
    handles: Vec<JobHandle<T>>,
    limit: Duration,
) -> impl Iterator<Item = Result<(usize, Result<T, JobError>), Unfinished>> {
    let start = Instant::now();
    let (done, next) = mpsc::channel();
    let mut unfinished = handles.len();
    let mut waiting = Vec::new();
    for (place, handle) in handles.into_iter().enumerate() {
        let done = done.clone();
        // Fails if the iterator was dropped.
        handle.on_done(move || done.send(place).unwrap_or_default());
        waiting.push(Some(handle));
    }
    std::iter::from_fn(move || {
        if unfinished == 0 {
            return None;
        }
        let left = limit.saturating_sub(start.elapsed());
        match next.recv_timeout(left) {
            Ok(place) => {
                unfinished -= 1;
                let handle = waiting[place].take()?;
                Some(Ok((place, handle.join())))
            }
            // `Disconnected` cannot occur: each unfinished job has a sender.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                waiting.clear();
                Some(Err(Unfinished(mem::take(&mut unfinished))))
            }
        }
    })
}

/// Submits job 0, which runs until the sender is dropped; returns once it runs.
fn occupy(pool: &Pool) -> (JobHandle<bool>, mpsc::Sender<()>) {
    let (started, running) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let busy = pool.submit(move || {
        started.send(()).expect("`occupy` waits for it");
        gate.recv().is_err()
    });
    running.recv().expect("the job sends this first");
    (busy, go)
}

/// Asks, cancels, waits and listens, with one worker that is kept busy.
///
/// # Errors
///
/// The system has no thread left.
pub fn demo() -> io::Result<()> {
    let pool = Pool::new(1)?;
    let (busy, go) = occupy(&pool);
    let queued = pool.submit(|| 1);
    let last = pool.submit(|| 2);

    println!(
        "running: is_done {}, cancel {}",
        busy.is_done(),
        busy.cancel()
    );
    println!(
        "queued: cancel {}, again {}",
        queued.cancel(),
        queued.cancel()
    );
    println!("queued: is_done {}, {:?}", queued.is_done(), queued.join());

    let moment = Duration::from_millis(20);
    let late = last.join_timeout(moment).err();
    println!("last: timeout {}", late.is_some());
    let all: Vec<_> = late.into_iter().collect();
    let outcome: Vec<_> = as_completed(all, moment).collect();
    println!("deadline: {outcome:?}");

    busy.on_done(|| println!("callback: job 0 is done"));
    // The worker runs the callback before it takes another job.
    let after = pool.submit(|| "after");
    drop(go);
    println!("{:?}, {:?}", after.join(), busy.join());
    busy_first_done_first()
}

/// Lets job 0 wait for job 1, and takes them as they are done.
fn busy_first_done_first() -> io::Result<()> {
    let pool = Pool::new(2)?;
    let (go, gate) = mpsc::channel::<()>();
    let slow = pool.submit(move || gate.recv().is_err());
    let quick = pool.submit(|| true);
    let mut go = Some(go);
    for item in as_completed(vec![slow, quick], Duration::from_secs(60)) {
        println!("as completed: {item:?}");
        // The quick job has ended; now the slow one may end.
        go.take();
    }
    Ok(())
}
