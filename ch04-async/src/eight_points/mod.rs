//! A task is like a thread in eight points, and unlike it in most.
//!
//! Each line is what two small experiments found, one with a thread and one
//! with a tokio task on a single-threaded runtime. Where it says that something
//! cannot be done, the experiment is one that does not compile.
//!
//! cargo run -p ch04-async -- eight-points

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use tokio::task;

use crate::runtimes::give_way;

/// What is compared.
pub const POINTS: [&str; 8] = [
    "what it is given",
    "when it begins",
    "who may interrupt it",
    "how it is stopped from outside",
    "if it panics",
    "if its handle is dropped",
    "what it may borrow",
    "a hundred of them",
];

/// Tries a thread at each of [`POINTS`].
///
/// No method stops it:
///
/// ```compile_fail,E0599
/// std::thread::spawn(|| {}).abort();
/// ```
pub fn threads() -> [String; POINTS.len()] {
    let answer = thread::spawn(|| 42).join().expect("it does not panic");
    let given = format!("a function, called once: {answer}");

    let (begun, first) = mpsc::channel();
    let waits = thread::spawn(move || begun.send("by itself, at once"));
    // It begins although this thread does nothing but wait for it.
    let begins = first.recv().expect("it sends one word").into();
    waits.join().expect("it does not panic").ok();

    // One more than there are processors, and none of them ever waits: they
    // would not all get a turn if nobody were interrupted.
    let crowd = 1 + thread::available_parallelism().map_or(1, usize::from);
    let begun = Arc::new(AtomicUsize::new(0));
    let spin = |begun: Arc<AtomicUsize>| {
        begun.fetch_add(1, Ordering::Relaxed);
        while begun.load(Ordering::Relaxed) < crowd {
            std::hint::spin_loop();
        }
    };
    thread::scope(|scope| {
        for _ in 0..crowd {
            scope.spawn(|| spin(begun.clone()));
        }
    });
    let all = begun.load(Ordering::Relaxed) == crowd;
    let interrupt = format!("the system, anywhere: {all}");

    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    let looks = thread::spawn(move || {
        while !asked.load(Ordering::Relaxed) {
            thread::yield_now();
        }
    });
    stop.store(true, Ordering::Relaxed);
    let ended = looks.join().is_ok();
    let stopped = format!("by no method; if it looks at a flag: {ended}");

    let panicked = thread::spawn(|| panic!("on purpose")).join().is_err();
    let panics = format!("join() is an error: {panicked}");

    let (done, news) = mpsc::channel();
    drop(thread::spawn(move || done.send("it goes on")));
    let dropped = news.recv().expect("it sends one word").into();

    let local = [1, 2, 3];
    let sum: u32 = thread::scope(|scope| {
        let sum = scope.spawn(|| local.iter().sum());
        sum.join().expect("it does not panic")
    });
    let borrows = format!("with thread::scope, anything: {sum}");

    let barrier = Arc::new(Barrier::new(100));
    let all: Vec<_> = (0..100)
        .map(|_| barrier.clone())
        .map(|barrier| {
            thread::spawn(move || {
                // All hundred are alive at this moment.
                barrier.wait();
                thread::current().id()
            })
        })
        .collect();
    let ids = all
        .into_iter()
        .map(|t| t.join().expect("it does not panic"));
    let ids: HashSet<_> = ids.collect();
    let hundred = format!("{} threads of the system", ids.len());

    [
        given, begins, interrupt, stopped, panics, dropped, borrows, hundred,
    ]
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
    let mut polls = 0;
    let mut future = Box::pin(async {
        give_way().await;
        give_way().await;
    });
    let counted = task::spawn(std::future::poll_fn(move |cx| {
        polls += 1;
        future.as_mut().poll(cx).map(|()| polls)
    }));
    let polls = counted.await.expect("nobody aborts it");
    let given = format!("a future, polled as often as needed: {polls} times");

    let begun = Arc::new(AtomicU32::new(0));
    let counter = begun.clone();
    let count = move || counter.fetch_add(1, Ordering::Relaxed);
    let counts = task::spawn(async move { count() });
    let before = begun.load(Ordering::Relaxed);
    counts.await.expect("nobody aborts it");
    let after = begun.load(Ordering::Relaxed);
    let begins =
        format!("when the runtime gets a turn: {before}, then {after}");

    let counter = begun.clone();
    let counts =
        task::spawn(async move { counter.fetch_add(1, Ordering::Relaxed) });
    let before = begun.load(Ordering::Relaxed);
    for _ in 0..1_000_000 {
        std::hint::spin_loop();
    }
    let unmoved = begun.load(Ordering::Relaxed) == before;
    let interrupt = format!("nobody, between two awaits: {unmoved}");
    counts.await.expect("nobody aborts it");

    let stuck = task::spawn(std::future::pending::<()>());
    stuck.abort();
    let cancelled = stuck.await.is_err_and(|err| err.is_cancelled());
    let stopped = format!("abort(), at an await: {cancelled}");

    let panics = task::spawn(async { panic!("on purpose") });
    let panicked = panics.await.is_err_and(|err: task::JoinError| {
        // The runtime caught it: this thread, and all other tasks, go on.
        err.is_panic()
    });
    let panics = format!("awaiting it is an error: {panicked}");

    let (done, news) = tokio::sync::oneshot::channel();
    drop(task::spawn(async { done.send("it goes on") }));
    let dropped = news.await.expect("it sends one word").into();

    let local = [1, 2, 3];
    let sum = async { local.iter().sum::<u32>() };
    // The same future, spawned, would have to own what it uses.
    let borrows = format!("spawned, nothing; joined, anything: {}", sum.await);

    let all = (0..100).map(|_| task::spawn(async { thread::current().id() }));
    let all: Vec<_> = all.collect();
    let mut ids = HashSet::new();
    for one in all {
        ids.insert(one.await.expect("nobody aborts it"));
    }
    let hundred = format!("{} thread of the system", ids.len());

    [
        given, begins, interrupt, stopped, panics, dropped, borrows, hundred,
    ]
}

/// Prints both answers to each point.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, the comparison of `Task` and
/// `Thread` after the two spinners.
pub async fn demo() {
    let answers = threads().into_iter().zip(tasks().await);
    for (point, (thread, task)) in POINTS.iter().zip(answers) {
        println!("{point}\n  thread: {thread}\n  task: {task}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::within_limit;

    #[test]
    fn a_thread_is_interrupted_and_never_stopped() {
        let expected = [
            "a function, called once: 42",
            "by itself, at once",
            "the system, anywhere: true",
            "by no method; if it looks at a flag: true",
            "join() is an error: true",
            "it goes on",
            "with thread::scope, anything: 6",
            "100 threads of the system",
        ];
        assert_eq!(within_limit(threads), expected);
    }

    #[tokio::test]
    async fn a_task_is_stopped_and_never_interrupted() {
        let expected = [
            "a future, polled as often as needed: 3 times",
            "when the runtime gets a turn: 0, then 1",
            "nobody, between two awaits: true",
            "abort(), at an await: true",
            "awaiting it is an error: true",
            "it goes on",
            "spawned, nothing; joined, anything: 6",
            "1 thread of the system",
        ];
        assert_eq!(tasks().await, expected);
    }
}
