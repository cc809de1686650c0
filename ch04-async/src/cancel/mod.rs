//! An aborted task is not asked; a blocking one is not stopped.
//!
//! `abort` drops a future at an await. What has no await, or has ended, or runs
//! on a thread, is not reached by it.
//!
//! cargo run -p ch04-async -- cancel

use std::future::pending;
use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;
use tokio::task::{self, JoinError, JoinHandle};

mod shutdown;

pub use shutdown::{dropped, left};

/// How a task ended, in a word.
pub fn ended<T>(result: Result<T, JoinError>) -> &'static str {
    match result {
        Ok(_) => "finished",
        Err(err) if err.is_cancelled() => "cancelled",
        Err(_) => "panicked",
    }
}

/// Aborts a task that waits.
///
/// Returns whether it was finished right after the abort, and how it ended.
pub async fn waiting() -> (bool, &'static str) {
    let (begun, begins) = oneshot::channel();
    let task: JoinHandle<()> = task::spawn(async {
        begun.send(()).ok();
        pending().await
    });
    begins.await.expect("the task says that it begins");
    task.abort();
    // The abort is a note in a queue. To know that the task is gone, await it.
    (task.is_finished(), ended(task.await))
}

/// Aborts a task that has ended already.
pub async fn done() -> &'static str {
    let task = task::spawn(async { 42 });
    while !task.is_finished() {
        task::yield_now().await;
    }
    task.abort();
    ended(task.await)
}

/// Aborts a task before its first poll; returns whether its body ran.
pub async fn before_its_first_poll() -> (bool, &'static str) {
    let (begun, mut begins) = oneshot::channel();
    let task = task::spawn(async { begun.send(()) });
    task.abort();
    let ended = ended(task.await);
    (begins.try_recv().is_ok(), ended)
}

/// Aborts a task from within, which then reaches its end without an await.
pub async fn without_an_await() -> &'static str {
    let (own, handle) = oneshot::channel::<task::AbortHandle>();
    let task = task::spawn(async {
        let own = handle.await.expect("its handle is sent");
        own.abort();
        // Python would raise here, were there an await; nothing else would.
        42
    });
    own.send(task.abort_handle()).ok();
    ended(task.await)
}

/// Aborts a blocking function that runs already.
pub async fn blocking() -> &'static str {
    let (begun, begins) = oneshot::channel();
    let (release, released) = mpsc::channel::<()>();
    let task = task::spawn_blocking(move || {
        begun.send(()).ok();
        // Ends when `release` is dropped.
        released.recv().ok();
    });
    begins.await.expect("the function says that it begins");
    task.abort();
    drop(release);
    ended(task.await)
}

/// Lets one of ten tasks panic; counts the finished and the panicked.
pub async fn ten() -> (usize, usize) {
    let all: Vec<_> = (0..10)
        .map(|n| task::spawn(async move { assert_ne!(n, 3, "on purpose") }))
        .collect();
    let (mut finished, mut panicked) = (0, 0);
    for task in all {
        match ended(task.await) {
            "finished" => finished += 1,
            _ => panicked += 1,
        }
    }
    (finished, panicked)
}

/// Aborts tasks of six kinds.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19 and 21, on `Task.cancel`.
pub async fn demo() {
    let (at_once, how) = waiting().await;
    println!("waiting: {how}; already when abort() returned: {at_once}");
    println!("done: {}", done().await);
    let (ran, how) = before_its_first_poll().await;
    println!("before its first poll: {how}; its body ran: {ran}");
    println!("without another await: {}", without_an_await().await);
    println!("blocking, already running: {}", blocking().await);
    // A runtime must not be dropped on the thread of another one's tasks.
    let ends = thread::spawn(|| (dropped(), left()));
    let (dropped, left) = ends.join().expect("a runtime's end is no panic");
    println!("  aborted, its runtime dropped: it was waited for: {dropped}");
    println!("  aborted, its runtime left: it was waited for: {left}");
    let (finished, panicked) = ten().await;
    println!("ten, one panics: {finished} finished, {panicked} panicked");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::within_limit;

    #[tokio::test]
    async fn an_abort_takes_effect_after_it_returns() {
        assert_eq!(waiting().await, (false, "cancelled"));
    }

    #[tokio::test]
    async fn an_abort_that_comes_too_late_changes_nothing() {
        assert_eq!(done().await, "finished");
    }

    #[tokio::test]
    async fn a_task_aborted_before_its_first_poll_never_runs() {
        assert_eq!(before_its_first_poll().await, (false, "cancelled"));
    }

    #[tokio::test]
    async fn a_task_that_does_not_await_again_is_not_cancelled() {
        assert_eq!(without_an_await().await, "finished");
    }

    #[test]
    fn a_blocking_function_is_cancelled_in_the_queue_but_not_at_work() {
        let (running, queued) = within_limit(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .max_blocking_threads(1)
                .build()
                .unwrap();
            runtime.block_on(async {
                let (begun, begins) = oneshot::channel();
                let (release, released) = mpsc::channel::<()>();
                let running = task::spawn_blocking(move || {
                    begun.send(()).ok();
                    released.recv().ok();
                });
                let queued = task::spawn_blocking(|| unreachable!());
                begins.await.unwrap();
                running.abort();
                queued.abort();
                drop(release);
                (ended(running.await), ended(queued.await))
            })
        });
        assert_eq!((running, queued), ("finished", "cancelled"));
    }

    #[test]
    fn a_runtime_that_is_dropped_waits_for_what_was_aborted() {
        assert!(within_limit(dropped));
        assert!(!within_limit(left));
    }

    #[tokio::test(start_paused = true)]
    async fn a_blocking_function_that_nobody_waits_for_goes_on() {
        let (release, released) = mpsc::channel::<()>();
        let mut work = task::spawn_blocking(move || released.recv().is_err());
        let limit = std::time::Duration::from_secs(1);
        // Not even a clock that could jump gets past work on a thread.
        tokio::time::resume();
        let late = tokio::time::timeout(limit / 100, &mut work).await;
        assert!(late.is_err());
        drop(release);
        assert!(work.await.unwrap());
    }

    #[tokio::test]
    async fn one_panic_of_ten_is_reported_and_nine_results_are_kept() {
        assert_eq!(ten().await, (9, 1));
    }
}
