//! An ordering says what else is seen along with an atomic value.
//!
//! `Relaxed` orders nothing but itself, `Release` and `Acquire` hand over what
//! was written before, `SeqCst` puts all such steps in one line.
//!
//! cargo run -p ch01-threads -- orderings

use std::sync::Barrier;

use super::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use super::sync::thread;

/// A value that one thread gives and another takes.
pub struct Handover {
    value: AtomicU64,
    given: AtomicBool,
}

impl Handover {
    /// Makes one with nothing in it.
    pub fn empty() -> Handover {
        Handover {
            value: AtomicU64::new(0),
            given: AtomicBool::new(false),
        }
    }

    /// Puts the value there, then says so.
    pub fn give(&self, value: u64) {
        // Relaxed: the line below orders it.
        self.value.store(value, Ordering::Relaxed);
        // Release: a thread that sees `true` sees what was written before it.
        self.given.store(true, Ordering::Release);
    }

    /// Waits for the word, then takes the value.
    pub fn take(&self) -> u64 {
        // Acquire: what follows is read after the `true` was. Pairs with
        // `give`; with Relaxed here or there, 0 would be an answer too.
        while !self.given.load(Ordering::Acquire) {
            thread::yield_now();
        }
        self.value.load(Ordering::Relaxed)
    }
}

/// Runs the store-buffering test: two threads raise a flag each, then look at
/// the flag of the other.
///
/// Returns how many of them saw the other's flag down: never both. The second
/// to raise its flag looks after the first did. That there is a second, in
/// the eyes of both, is SeqCst; Release and Acquire do not promise it.
pub fn store_buffering() -> usize {
    let flags = [AtomicBool::new(false), AtomicBool::new(false)];
    let together = Barrier::new(2);
    std::thread::scope(|scope| {
        let threads = [(0, 1), (1, 0)].map(|(mine, other)| {
            let (flags, together) = (&flags, &together);
            scope.spawn(move || {
                together.wait();
                flags[mine].store(true, Ordering::SeqCst);
                !flags[other].load(Ordering::SeqCst)
            })
        });
        let alone = threads.map(|t| t.join().expect("nothing panics"));
        alone.into_iter().filter(|alone| *alone).count()
    })
}

/// Hands a value over, and runs the store-buffering test a thousand times.
pub fn demo() {
    let handover = Handover::empty();
    let taken = std::thread::scope(|scope| {
        let taker = scope.spawn(|| handover.take());
        handover.give(42);
        taker.join().expect("nothing panics")
    });
    println!("Release, Acquire: took {taken}");

    let both = (0..1000).filter(|_| store_buffering() == 2).count();
    println!("SeqCst: both alone in {both} of 1000 rounds");
}
