//! Our executor against tokio's: two tasks that answer each other.
//!
//! cargo bench -p ch04-async --bench ping_pong

use ch04_async::executor::Executor;
use ch04_async::timer::Clock;
use criterion::{Criterion, Throughput};
use measure::time;
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

const LOOPS: [(&str, Loop); 3] =
    [("tokio", on_tokio), ("ours", on_ours), ("smol", on_smol)];

fn main() {
    measure::criterion(ping_pong);
}

fn ping_pong(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ping_pong");
    // There and back.
    group.throughput(Throughput::Elements(2));
    for (key, run) in LOOPS {
        group.bench_function(key, |bencher| {
            bencher.iter_custom(|times| {
                let n = u32::try_from(times).expect("fewer than 2^32");
                time(|| assert_eq!(run(n), n))
            });
        });
    }
    group.finish();
}
