//! The eight experiments with a thread of `std`.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use super::POINTS;

fn given() -> String {
    let answer = thread::spawn(|| 42).join().expect("it does not panic");
    format!("a function, called once: {answer}")
}

fn begins() -> String {
    let (begun, first) = mpsc::channel();
    let begins = thread::spawn(move || begun.send("by itself, at once"));
    // It begins although this thread does nothing but wait for it.
    let said = first.recv().expect("it sends one word");
    begins.join().expect("it does not panic").ok();
    said.into()
}

fn interrupted() -> String {
    // One thread more than there are processors, and none of them ever waits:
    // without an interruption they would not all get a turn.
    let crowd = 1 + thread::available_parallelism().map_or(1, usize::from);
    let begun = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..crowd {
            scope.spawn(|| {
                begun.fetch_add(1, Ordering::Relaxed);
                while begun.load(Ordering::Relaxed) < crowd {
                    std::hint::spin_loop();
                }
            });
        }
    });
    let all = begun.load(Ordering::Relaxed) == crowd;
    format!("the system, anywhere: {all}")
}

fn stopped() -> String {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    let looks = thread::spawn(move || {
        while !asked.load(Ordering::Relaxed) {
            thread::yield_now();
        }
    });
    stop.store(true, Ordering::Relaxed);
    let ended = looks.join().is_ok();
    format!("by no method; if it looks at a flag: {ended}")
}

fn panics() -> String {
    let panicked = thread::spawn(|| panic!("on purpose")).join().is_err();
    format!("join() is an error: {panicked}")
}

fn dropped() -> String {
    let (done, news) = mpsc::channel();
    drop(thread::spawn(move || done.send("it goes on")));
    news.recv().expect("it sends one word").into()
}

fn borrows() -> String {
    let local = [1, 2, 3];
    let sum: u32 = thread::scope(|scope| {
        let sum = scope.spawn(|| local.iter().sum());
        sum.join().expect("it does not panic")
    });
    format!("with thread::scope, anything: {sum}")
}

fn hundred() -> String {
    let barrier = Arc::new(Barrier::new(100));
    let spawn = |barrier: Arc<Barrier>| {
        thread::spawn(move || {
            // All hundred are alive at this moment.
            barrier.wait();
            thread::current().id()
        })
    };
    let all: Vec<_> = (0..100).map(|_| spawn(barrier.clone())).collect();
    let ids = all
        .into_iter()
        .map(|one| one.join().expect("it does not panic"));
    let ids: HashSet<_> = ids.collect();
    format!("{} threads of the system", ids.len())
}

/// Tries a thread at each of [`POINTS`].
///
/// No method stops it:
///
/// ```compile_fail,E0599
/// std::thread::spawn(|| {}).abort();
/// ```
pub fn threads() -> [String; POINTS.len()] {
    [
        given(),
        begins(),
        interrupted(),
        stopped(),
        panics(),
        dropped(),
        borrows(),
        hundred(),
    ]
}
