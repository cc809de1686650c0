//! A hundred thousand tasks are alive at once, on one thread.
//!
//! A barrier proves it: no task passes before all of them are there. Then all
//! of them sleep for a second, which takes a second.
//!
//! cargo run -p ch04-async -- crowd

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::{self, Instant};

/// As many as no machine's default limits allow threads.
pub const MANY: u64 = 100_000;

/// Lets `n` tasks meet; returns how many were alive then, and their sum.
pub async fn meet(n: u64) -> (usize, u64) {
    let all = Arc::new(Barrier::new(n as usize + 1));
    let mut tasks = JoinSet::new();
    for i in 0..n {
        let all = all.clone();
        tasks.spawn(async move {
            all.wait().await;
            i
        });
    }
    let alive = Handle::current().metrics().num_alive_tasks();
    all.wait().await;
    (alive, sum(tasks).await)
}

/// Lets `n` tasks sleep for a second; returns their sum.
pub async fn sleep(n: u64) -> u64 {
    let mut tasks = JoinSet::new();
    for i in 0..n {
        tasks.spawn(async move {
            time::sleep(Duration::from_secs(1)).await;
            i
        });
    }
    sum(tasks).await
}

async fn sum(mut tasks: JoinSet<u64>) -> u64 {
    let mut sum = 0;
    while let Some(i) = tasks.join_next().await {
        sum += i.expect("no task panics or is aborted");
    }
    sum
}

/// Has [`MANY`] tasks meet, then sleep.
pub async fn demo() {
    let (alive, sum) = meet(MANY).await;
    println!("{alive} tasks met at a barrier, their sum is {sum}");

    let start = Instant::now();
    let sum = sleep(MANY).await;
    let slept = start.elapsed().as_secs_f64();
    println!("{MANY} tasks slept for 1 s, their sum is {sum}: {slept:.1} s");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs on two threads; fails after a minute.
    async fn in_time<T>(future: impl Future<Output = T>) -> T {
        let limit = Duration::from_secs(60);
        time::timeout(limit, future).await.expect("it hangs")
    }

    #[tokio::test]
    async fn a_hundred_thousand_are_alive_together() {
        let (alive, sum) = in_time(meet(MANY)).await;
        assert_eq!(alive, MANY as usize);
        assert_eq!(sum, MANY * (MANY - 1) / 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_workers_share_them_and_none_is_lost() {
        let (alive, sum) = in_time(meet(10_000)).await;
        assert_eq!(alive, 10_000);
        assert_eq!(sum, 10_000 * 9_999 / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hundred_thousand_sleeps_take_as_long_as_one() {
        let start = Instant::now();
        sleep(MANY).await;
        assert_eq!(start.elapsed().as_millis(), 1_000);
    }
}
