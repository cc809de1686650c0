//! Our executor against tokio's: two tasks that answer each other.
//!
//! cargo bench -p ch04-async --bench ping_pong

mod record;

use std::env;
use std::time::{Duration, Instant};

use ch04_async::executor::Executor;
use ch04_async::timer::Clock;
use record::Row;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Serves, and returns the ball `n` times.
async fn ping(to: Sender<u32>, mut from: Receiver<u32>, n: u32) -> u32 {
    let mut ball = 0;
    for _ in 0..n {
        to.send(ball).await.expect("the other task plays on");
        ball = from.recv().await.expect("the other task plays on");
    }
    ball
}

/// Returns the ball until the other task has had enough.
async fn pong(to: Sender<u32>, mut from: Receiver<u32>) {
    while let Some(ball) = from.recv().await {
        to.send(ball + 1).await.ok();
    }
}

/// Makes both players. Their channels belong to no runtime.
fn players(
    n: u32,
) -> (
    impl Future<Output = u32> + Send + 'static,
    impl Future<Output = ()> + Send + 'static,
) {
    let (there, comes) = mpsc::channel(1);
    let (back, returns) = mpsc::channel(1);
    (ping(there, returns, n), pong(back, comes))
}

fn on_tokio(n: u32) -> u32 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("without sockets and timers nothing can fail");
    let (ping, pong) = players(n);
    runtime.block_on(async {
        let pong = tokio::spawn(pong);
        let hits = tokio::spawn(ping).await.expect("no panic");
        pong.await.expect("no panic");
        hits
    })
}

fn on_ours(n: u32) -> u32 {
    let executor = Executor::new(Clock::real());
    let spawner = executor.spawner();
    let (ping, pong) = players(n);
    executor.run(async move {
        let pong = spawner.spawn(pong);
        let hits = spawner.spawn(ping).await.expect("no panic");
        pong.await.expect("no panic");
        hits
    })
}

fn on_smol(n: u32) -> u32 {
    let executor = smol::LocalExecutor::new();
    let (ping, pong) = players(n);
    smol::block_on(executor.run(async {
        let pong = executor.spawn(pong);
        let hits = executor.spawn(ping).await;
        pong.await;
        hits
    }))
}

type Loop = fn(u32) -> u32;

const LOOPS: [(&str, &str, Loop); 3] = [
    ("tokio", "tokio, current-thread", on_tokio),
    ("ours", "ours, section executor", on_ours),
    ("smol", "smol, LocalExecutor", on_smol),
];

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (n, rounds) = if measure { (100_000, 25) } else { (2_000, 3) };
    let mut rows = LOOPS.map(|(key, label, _)| Row::new(key, label));
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (row, (_, _, run)) in rows.iter_mut().zip(LOOPS) {
            row.times.push(hit(run, n));
        }
    }
    if measure {
        let what = format!(
            "Two tasks on one thread that send each other a message, {n} times \
             there and back; the time of one way, the median of {rounds} rounds"
        );
        record::print_in("ns", &what, "ping_pong", Some("tokio"), &rows);
    } else {
        // Unoptimised, on a busy machine: the order of magnitude.
        assert!(record::ratio(&rows[1], &rows[0]) < 10.0, "ours to tokio");
    }
}

/// Returns how long a message takes from one task to the other.
fn hit(run: Loop, n: u32) -> Duration {
    let start = Instant::now();
    assert_eq!(run(n), n);
    start.elapsed() / (2 * n)
}
