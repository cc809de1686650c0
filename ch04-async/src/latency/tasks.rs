//! Tasks, on a runtime with one thread.

use std::io;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::{runtime, task, time};

fn timed(work: impl Future<Output = ()>) -> io::Result<Duration> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    Ok(runtime.block_on(async {
        let start = Instant::now();
        work.await;
        start.elapsed()
    }))
}

/// Has two tasks give way to each other, `times` times in all.
///
/// # Errors
///
/// There is no runtime to be had; so for all of these.
pub fn switch(times: u32) -> io::Result<Duration> {
    timed(async move {
        let gives_way = move || async move {
            for _ in 0..times / 2 {
                task::yield_now().await;
            }
        };
        let other = task::spawn(gives_way());
        task::spawn(gives_way()).await.expect("no panic");
        other.await.expect("no panic");
    })
}

/// Sends a number to and fro between two tasks, `times` ways in all.
///
/// # Errors
///
/// See [`switch`].
pub fn hand_off(times: u32) -> io::Result<Duration> {
    timed(async move {
        let (to, mut there) = mpsc::channel(1);
        let (back, mut from) = mpsc::channel(1);
        let other = task::spawn(async move {
            while let Some(n) = there.recv().await {
                back.send(n).await.expect("the other task waits for it");
            }
        });
        let this = task::spawn(async move {
            for n in 0..times / 2 {
                to.send(n).await.expect("the other task waits for it");
                assert_eq!(from.recv().await, Some(n));
            }
        });
        this.await.expect("no panic");
        other.await.expect("no panic");
    })
}

/// Spawns tasks, and awaits each before the next.
///
/// # Errors
///
/// See [`switch`].
pub fn spawn(times: u32) -> io::Result<Duration> {
    timed(async move {
        for n in 0..times {
            let answer = task::spawn(async move { n }).await;
            assert_eq!(answer.expect("no panic"), n);
        }
    })
}

/// Has work done by the threads that may block, one piece after the other.
///
/// # Errors
///
/// See [`switch`].
pub fn blocking(times: u32) -> io::Result<Duration> {
    timed(async move {
        for n in 0..times {
            let answer = task::spawn_blocking(move || n).await;
            assert_eq!(answer.expect("no panic"), n);
        }
    })
}

/// Sleeps for a millisecond, `times` times.
///
/// # Errors
///
/// See [`switch`].
pub fn sleep(times: u32) -> io::Result<Duration> {
    timed(async move {
        for _ in 0..times {
            time::sleep(Duration::from_millis(1)).await;
        }
    })
}
