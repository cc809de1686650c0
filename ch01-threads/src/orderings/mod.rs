//! Memory orderings: which other writes a thread sees with an atomic value.
//!
//! `Relaxed` orders no other access. A `Release` store and the `Acquire` load
//! that reads it hand over all earlier writes. `SeqCst` operations have one
//! order that all threads agree on.
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

    /// Stores the value, then sets the flag.
    pub fn give(&self, value: u64) {
        // Relaxed: the line below orders it.
        self.value.store(value, Ordering::Relaxed);
        // Release: a thread that sees `true` sees the value, too.
        self.given.store(true, Ordering::Release);
    }

    /// Waits for the flag, then takes the value.
    pub fn take(&self) -> u64 {
        // Acquire: the load below comes after this one. Pairs with `give`;
        // with Relaxed in either place, `take` could return 0.
        while !self.given.load(Ordering::Acquire) {
            thread::yield_now();
        }
        self.value.load(Ordering::Relaxed)
    }
}

/// Runs the store-buffering test: two threads set a flag each, then read the
/// other thread's flag.
///
/// Returns how many threads read `false`: never both. `SeqCst` gives the two
/// stores one order, so the thread whose store comes second reads `true`.
/// Release and Acquire do not promise this.
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
