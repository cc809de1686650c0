//! A watchdog times each poll, and names the one that took too long.
//!
//! asyncio's debug mode reports callbacks of more than 100 ms. Here it is a
//! future around the one that is watched.
//!
//! cargo run -p ch04-async -- watchdog

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::runtime::Builder;
use tokio::task;

/// A poll that is longer than this is reported.
pub const LIMIT: Duration = Duration::from_millis(100);

/// A future whose polls are counted and timed.
pub struct Watched<F> {
    future: Pin<Box<F>>,
    polls: usize,
    report: mpsc::Sender<(usize, Duration)>,
}

/// Watches a future; sends number and time of each poll that was too long.
pub fn watched<F: Future>(
    future: F,
    report: mpsc::Sender<(usize, Duration)>,
) -> Watched<F> {
    let future = Box::pin(future);
    Watched {
        future,
        polls: 0,
        report,
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.polls += 1;
        let start = Instant::now();
        let poll = self.future.as_mut().poll(cx);
        let time = start.elapsed();
        if time > LIMIT {
            // That the reports are not read is no error.
            self.report.send((self.polls, time)).ok();
        }
        poll
    }
}

/// Gives way, blocks for longer than [`LIMIT`], and gives way again.
pub async fn blocks() {
    task::yield_now().await;
    thread::sleep(LIMIT * 3 / 2);
    task::yield_now().await;
}

/// Does the same, on a thread that may block.
pub async fn sends_away() {
    task::yield_now().await;
    let slept = task::spawn_blocking(|| thread::sleep(LIMIT * 3 / 2));
    slept.await.expect("sleeping does not panic");
    task::yield_now().await;
}

/// Parses four megabytes of JSON: computing, although no call in it blocks.
pub async fn parses() {
    task::yield_now().await;
    let numbers = vec!["1234567"; 500_000].join(",");
    let start = Instant::now();
    let parsed = serde_json::from_str::<Vec<u32>>(&format!("[{numbers}]"));
    let took = start.elapsed().as_millis();
    let numbers = parsed.map_or(0, |numbers| numbers.len());
    println!("parses {numbers} numbers: {took} ms in one poll");
    task::yield_now().await;
}

/// Returns the numbers of the polls that were too long.
pub fn long_polls(future: impl Future<Output = ()>) -> Vec<usize> {
    let (report, reports) = mpsc::channel();
    on_one_thread(watched(future, report));
    reports.into_iter().map(|(poll, _)| poll).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn on_one_thread(future: impl Future<Output = ()>) {
    future.await;
}

/// Looks a local name up eighteen times; returns how many threads that started.
///
/// # Errors
///
/// If the runtime cannot be built, or the name is unknown.
pub fn threads_of_lookups() -> std::io::Result<usize> {
    let threads = Arc::new(AtomicUsize::new(0));
    let started = threads.clone();
    let runtime = Builder::new_current_thread()
        .on_thread_start(move || {
            started.fetch_add(1, Ordering::Relaxed);
        })
        .build()?;
    runtime.block_on(async {
        // The system's resolver blocks: each lookup goes to such a thread.
        let names = (0..18).map(|_| tokio::net::lookup_host("localhost:0"));
        join_all(names)
            .await
            .into_iter()
            .try_for_each(|found| found.map(drop))
    })?;
    // Waits for the threads, so that all of them are counted.
    drop(runtime);
    Ok(threads.load(Ordering::Relaxed))
}

/// Watches one that blocks and one that does not; counts hidden threads.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, on debug mode and on the thread
/// pool behind `getaddrinfo`.
pub fn demo() {
    let long = long_polls(blocks());
    println!("blocks: {} long polls", long.len());
    println!("  its second poll among them: {}", long.contains(&2));
    println!("sends away: {} long polls", long_polls(sends_away()).len());
    long_polls(parses());
    match threads_of_lookups() {
        Ok(threads) => println!("18 lookups: {threads} threads started"),
        Err(err) => println!("18 lookups: {err}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on::block_on;
    use crate::limit::within_limit;

    #[test]
    fn the_poll_that_blocks_is_named() {
        assert!(long_polls(blocks()).contains(&2));
    }

    #[test]
    fn looking_a_name_up_starts_a_thread_behind_your_back() {
        let threads = within_limit(|| threads_of_lookups().unwrap());
        assert!((1..=18).contains(&threads), "{threads}");
    }

    #[test]
    fn watching_changes_no_result() {
        let (report, _) = mpsc::channel();
        let answer = block_on(watched(async { 42 }, report));
        assert_eq!(answer, 42);
    }

    #[test]
    fn a_runtime_that_is_shut_down_waits_for_blocking_work_that_was_aborted() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let done = Arc::new(AtomicUsize::new(0));
        let worked = done.clone();
        let (begun, begins) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let work = runtime.spawn_blocking(move || {
            begun.send(()).unwrap();
            released.recv().ok();
            worked.fetch_add(1, Ordering::Relaxed);
        });
        begins.recv().unwrap();
        work.abort();
        drop(release);
        drop(runtime);
        assert_eq!(done.load(Ordering::Relaxed), 1);
    }
}
