//! `thread_local!`: a global variable of which every thread has its own.
//!
//! It is initialised anew in each thread, and dropped when the thread ends.
//!
//! cargo run -p ch01-threads -- thread-local

use std::cell::Cell;
use std::io::{self, Write};
use std::thread;

/// Plates that this thread has washed; printed when the thread ends.
struct Washed(Cell<u32>);

impl Drop for Washed {
    fn drop(&mut self) {
        // Not `println!`, which panics if stdout is closed: a panic in the
        // destructor of a thread-local value aborts the process.
        let washed = self.0.get();
        writeln!(io::stdout(), "a thread ends, washed: {washed}").ok();
    }
}

thread_local! {
    static WASHED: Washed = const { Washed(Cell::new(0)) };
}

/// Washes a plate; returns how many this thread has washed.
///
/// No lock, no atomic: no other thread can see the number.
pub fn wash() -> u32 {
    WASHED.with(|washed| {
        washed.0.set(washed.0.get() + 1);
        washed.0.get()
    })
}

/// Washes in two threads, one after the other.
pub fn demo() {
    for plates in [3, 2] {
        let worker = thread::spawn(move || {
            for _ in 0..plates {
                println!("washed: {}", wash());
            }
        });
        // `join` returns after the thread's locals were dropped.
        worker.join().expect("washing does not panic");
    }
}
