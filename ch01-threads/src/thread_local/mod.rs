//! A thread-local is a global of which every thread has its own.
//!
//! It begins anew in each thread, and is dropped with it.
//!
//! cargo run -p ch01-threads -- thread-local

use std::cell::Cell;
use std::io::{self, Write};
use std::thread;

/// Plates that this thread has washed; told when the thread ends.
struct Washed(Cell<u32>);

impl Drop for Washed {
    fn drop(&mut self) {
        // Not `println!`, which panics if stdout is closed: a panic in the
        // destructor of a thread-local aborts the process.
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
        // `join` waits for the thread's locals, too.
        worker.join().expect("washing does not panic");
    }
}
