//! A future that is not polled can hold what you wait for.
//!
//! The lock is passed on to the next in its queue. If that is a future whose
//! owner is busy awaiting the lock itself, both wait for ever.
//!
//! cargo run -p ch04-async -- futurelock --paused

use std::pin::pin;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;
use tokio::time;

const ITEMS: u32 = 4;
const MOMENT: Duration = Duration::from_millis(10);
/// Far more than all of it takes, if it is not stuck.
const LIMIT: Duration = Duration::from_secs(1);

async fn produce(lock: &Mutex<u32>, n: u32) -> u32 {
    let mut sum = lock.lock().await;
    time::sleep(MOMENT).await;
    *sum += n;
    n
}

/// Produces two at a time, and takes the same lock for each result.
///
/// `for_each` polls either the stream or its body. While the body waits for the
/// lock, no task polls the future that the lock was given to.
pub async fn stream_broken(lock: &Mutex<u32>) {
    stream::iter(1..=ITEMS)
        .map(|n| produce(lock, n))
        .buffered(2)
        .for_each(async |n| *lock.lock().await += n)
        .await;
}

/// Does the same with a semaphore, and as they come.
pub async fn semaphore_broken(permits: &Semaphore) {
    let acquire = async || permits.acquire().await.expect("it is never closed");
    stream::iter(1..=ITEMS)
        .map(|_| async {
            let _permit = acquire().await;
            time::sleep(MOMENT).await;
        })
        .buffer_unordered(4)
        .for_each(async |()| {
            let _permit = acquire().await;
        })
        .await;
}

/// Selects on a reference, and takes the lock in the branch that won.
pub async fn select_broken(lock: &Mutex<u32>) {
    let mut producer = pin!(produce(lock, 1));
    tokio::select! {
        biased;
        _ = &mut producer => {}
        () = time::sleep(MOMENT / 2) => {
            // The producer holds the lock, sleeps, and is polled by no task.
            *lock.lock().await += 1;
        }
    }
}

/// Produces in tasks: the runtime polls them while the consumer is busy.
pub async fn tasks(lock: &Arc<Mutex<u32>>) {
    let mut producers = JoinSet::new();
    for n in 1..=ITEMS {
        let lock = lock.clone();
        producers.spawn(async move { produce(&lock, n).await });
    }
    while let Some(n) = producers.join_next().await {
        *lock.lock().await += n.expect("it does not panic");
    }
}

/// Takes the results first, and the lock when no producer is left.
pub async fn collected(lock: &Mutex<u32>) {
    let results = stream::iter(1..=ITEMS).map(|n| produce(lock, n));
    let results: Vec<u32> = results.buffered(2).collect().await;
    *lock.lock().await += results.into_iter().sum::<u32>();
}

/// Says whether a future gets done; one that is stuck is dropped.
pub async fn is_done(future: impl Future<Output = ()>) -> bool {
    time::timeout(LIMIT, future).await.is_ok()
}

/// Runs into three locks of this kind, and past them in two ways.
///
/// Source: Oxide Computer Company, RFD 609, "Futurelock" (2025).
pub async fn demo() {
    let lock = Arc::new(Mutex::new(0));
    let show = |what, done| {
        println!("{what}: {}", if done { "done" } else { "stuck" });
    };
    show("buffered, and a lock", is_done(stream_broken(&lock)).await);
    let permits = Semaphore::new(2);
    let done = is_done(semaphore_broken(&permits)).await;
    show("buffer_unordered, and a semaphore", done);
    show(
        "select! on a reference",
        is_done(select_broken(&lock)).await,
    );
    show("tasks", is_done(tasks(&lock)).await);
    show("collected first", is_done(collected(&lock)).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_consumer_that_takes_the_producers_lock_is_stuck() {
        assert!(!is_done(stream_broken(&Mutex::new(0))).await);
        assert!(!is_done(semaphore_broken(&Semaphore::new(2))).await);
        assert!(!is_done(select_broken(&Mutex::new(0))).await);
    }

    #[tokio::test(start_paused = true)]
    async fn tasks_finish_and_count_each_item_twice() {
        let lock = Arc::new(Mutex::new(0));
        assert!(is_done(tasks(&lock)).await);
        assert_eq!(*lock.lock().await, 2 * (1..=ITEMS).sum::<u32>());
    }

    #[tokio::test(start_paused = true)]
    async fn collecting_first_finishes_too() {
        let lock = Mutex::new(0);
        assert!(is_done(collected(&lock)).await);
        assert_eq!(*lock.lock().await, 2 * (1..=ITEMS).sum::<u32>());
    }
}
