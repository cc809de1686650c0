//! A nursery: no child outlives the block, no error is lost.
//!
//! `JoinSet` aborts its tasks when it is dropped, but does not wait for them,
//! and stops for no error. What is missing fits into one function.
//!
//! cargo run -p ch04-async -- join-set --paused

use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time;
use tokio_util::task::TaskTracker;

/// Waits for all tasks; at the first error it aborts the others, and waits
/// until they are gone.
///
/// Returns the results in the order in which the tasks ended.
///
/// # Errors
///
/// All errors: the first one and those of tasks that failed before the abort
/// reached them. Tasks that were aborted are not among them.
///
/// # Panics
///
/// If a task panicked, with its panic, after the others are gone.
pub async fn nursery<T: 'static, E: 'static>(
    mut tasks: JoinSet<Result<T, E>>,
) -> Result<Vec<T>, Vec<E>> {
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    let mut panic = None;
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(Ok(result)) => results.push(result),
            Ok(Err(err)) => errors.push(err),
            Err(err) => match JoinError::try_into_panic(err) {
                Ok(reason) => panic = Some(reason),
                // Aborted, because another one failed.
                Err(_) => continue,
            },
        }
        if panic.is_some() || !errors.is_empty() {
            tasks.abort_all();
        }
    }
    match panic {
        Some(reason) => std::panic::resume_unwind(reason),
        None if errors.is_empty() => Ok(results),
        None => Err(errors),
    }
}

/// Says when a child is gone.
struct Child(&'static str);

impl Drop for Child {
    fn drop(&mut self) {
        println!("  {} is gone", self.0);
    }
}

/// Works for so many tenths of a second, then fails or does not.
///
/// # Errors
///
/// If told to.
pub async fn child(
    name: &'static str,
    tenths: u64,
    fails: bool,
) -> Result<&'static str, String> {
    let child = Child(name);
    time::sleep(Duration::from_millis(100 * tenths)).await;
    match fails {
        true => Err(format!("{} failed", child.0)),
        false => Ok(name),
    }
}

/// Lets tasks end whose results nothing takes; returns what is kept of them.
pub async fn ended(tasks: usize) -> (usize, usize) {
    let mut set = JoinSet::new();
    let tracker = TaskTracker::new();
    for _ in 0..tasks {
        set.spawn(async {});
        tracker.spawn(async {});
    }
    // After `close`, `wait` is over when the last task has ended.
    tracker.close();
    tracker.wait().await;
    (set.len(), tracker.len())
}

/// Runs four families: a good one, one with two failures at one moment, one
/// that is late, and one that is left to itself.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, on Curio's `TaskGroup` and
/// structured concurrency.
pub async fn demo() {
    println!("all well");
    let tasks =
        JoinSet::from_iter([child("slow", 2, false), child("quick", 1, false)]);
    println!("  {:?}", nursery(tasks).await);

    println!("two fail at the same moment");
    let tasks = JoinSet::from_iter([
        child("first", 1, true),
        child("slow", 600, false),
        child("second", 1, true),
    ]);
    let start = time::Instant::now();
    println!("  {:?}", nursery(tasks).await);
    println!("  after {:.1} s", start.elapsed().as_secs_f64());

    println!("a deadline of 0.2 s around it");
    let tasks = JoinSet::from_iter([
        child("quick", 1, false),
        child("slow", 600, false),
    ]);
    let limit = Duration::from_millis(200);
    let late = time::timeout(limit, nursery(tasks)).await;
    println!("  in time: {}", late.is_ok());
    // The set was dropped, its tasks were aborted. Nobody waited for that.
    tokio::task::yield_now().await;
    println!("  a turn later");

    println!("a thousand tasks that have ended");
    let (set, tracker) = ended(1000).await;
    println!("  in a JoinSet: {set}");
    println!("  in a TaskTracker: {tracker}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_error_ends_the_slow_ones_and_every_error_is_reported() {
        let start = time::Instant::now();
        let tasks = JoinSet::from_iter([
            child("a", 1, true),
            child("b", 600, false),
            child("c", 1, true),
        ]);
        let mut errors = nursery(tasks).await.unwrap_err();
        errors.sort();
        assert_eq!(errors, ["a failed", "c failed"]);
        assert_eq!(start.elapsed(), Duration::from_millis(100));
    }

    #[tokio::test(start_paused = true)]
    async fn all_children_are_gone_when_it_returns() {
        let alive = std::sync::Arc::new(());
        let held = alive.clone();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let _held = held;
            std::future::pending::<Result<(), ()>>().await
        });
        tasks.spawn(async { Err(()) });
        assert_eq!(nursery(tasks).await, Err(vec![()]));
        assert_eq!(std::sync::Arc::strong_count(&alive), 1);
    }

    #[tokio::test]
    async fn a_tracker_keeps_nothing_of_a_task_that_has_ended() {
        assert_eq!(ended(3).await, (3, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_passes_on_after_the_others_are_gone() {
        let alive = std::sync::Arc::new(());
        let held = alive.clone();
        let family = tokio::spawn(async {
            let mut tasks = JoinSet::<Result<(), ()>>::new();
            tasks.spawn(async move {
                let _held = held;
                std::future::pending().await
            });
            tasks.spawn(async { panic!("on purpose") });
            nursery(tasks).await
        });
        assert!(family.await.unwrap_err().is_panic());
        assert_eq!(std::sync::Arc::strong_count(&alive), 1);
    }
}
