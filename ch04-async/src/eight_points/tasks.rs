//! The eight experiments with a task, on a runtime with one thread.

use std::collections::HashSet;
use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use tokio::sync::oneshot;
use tokio::task;

use super::POINTS;
use crate::runtimes::give_way;

async fn given() -> String {
    let mut polls = 0;
    let mut future = Box::pin(async {
        give_way().await;
        give_way().await;
    });
    let counted = task::spawn(poll_fn(move |cx| {
        polls += 1;
        future.as_mut().poll(cx).map(|()| polls)
    }));
    let polls = counted.await.expect("it does not panic");
    format!("a future, polled as often as needed: {polls} times")
}

/// Spawns a task that adds 1 to a number; returns the number as well.
fn counts() -> (task::JoinHandle<()>, Arc<AtomicU32>) {
    let begun = Arc::new(AtomicU32::new(0));
    let counter = begun.clone();
    let count = async move {
        counter.fetch_add(1, Ordering::Relaxed);
    };
    (task::spawn(count), begun)
}

async fn begins() -> String {
    let (task, begun) = counts();
    let before = begun.load(Ordering::Relaxed);
    task.await.expect("it does not panic");
    let after = begun.load(Ordering::Relaxed);
    format!("when the runtime gets a turn: {before}, then {after}")
}

async fn interrupted() -> String {
    let (task, begun) = counts();
    for _ in 0..1_000_000 {
        std::hint::spin_loop();
    }
    let unmoved = begun.load(Ordering::Relaxed) == 0;
    task.await.expect("it does not panic");
    format!("no other task, between two awaits: {unmoved}")
}

async fn stopped() -> String {
    let stuck = task::spawn(pending::<()>());
    stuck.abort();
    let cancelled = stuck.await.is_err_and(|err| err.is_cancelled());
    format!("abort(), at an await: {cancelled}")
}

async fn panics() -> String {
    let panics = task::spawn(async { panic!("on purpose") });
    // The runtime catches it: this thread, and all other tasks, go on.
    let panicked = panics
        .await
        .is_err_and(|err: task::JoinError| err.is_panic());
    format!("awaiting it is an error: {panicked}")
}

async fn dropped() -> String {
    let (done, news) = oneshot::channel();
    drop(task::spawn(async { done.send("it goes on") }));
    news.await.expect("it sends one word").into()
}

async fn borrows() -> String {
    let local = [1, 2, 3];
    let sum = async { local.iter().sum::<u32>() };
    // The same future, spawned, would have to own what it uses.
    format!("spawned, nothing; joined, anything: {}", sum.await)
}

async fn hundred() -> String {
    let all = (0..100).map(|_| task::spawn(async { thread::current().id() }));
    let all: Vec<_> = all.collect();
    let mut ids = HashSet::new();
    for one in all {
        ids.insert(one.await.expect("it does not panic"));
    }
    format!("{} thread of the system", ids.len())
}

/// Tries a task at each of [`POINTS`]; to be run on a single-threaded runtime.
///
/// Spawned, it borrows nothing:
///
/// ```compile_fail,E0373
/// async fn borrows() {
///     let local = [1, 2, 3];
///     tokio::spawn(async { local.len() });
/// }
/// ```
pub async fn tasks() -> [String; POINTS.len()] {
    [
        given().await,
        begins().await,
        interrupted().await,
        stopped().await,
        panics().await,
        dropped().await,
        borrows().await,
        hundred().await,
    ]
}
