//! `OnceLock`: one of eight threads computes a value, and all get it.
//!
//! The other threads wait for the one that computes. `LazyLock` is the same
//! with the function built in, for a `static`.
//!
//! cargo run -p ch01-threads -- once

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, LazyLock, OnceLock};
use std::thread;

static GREETING: LazyLock<String> = LazyLock::new(|| {
    println!("the greeting is made");
    "welcome".to_string()
});

/// Asks for a value in `threads` threads at once; returns the calls it took.
pub fn calls(threads: usize) -> u32 {
    let answer = OnceLock::new();
    let calls = AtomicU32::new(0);
    let together = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                together.wait();
                answer.get_or_init(|| {
                    // Relaxed: read after the scope's joins.
                    calls.fetch_add(1, Ordering::Relaxed);
                    42
                });
            });
        }
    });
    calls.into_inner()
}

/// Asks with eight threads, then asks a `static` twice.
pub fn demo() {
    println!("eight threads, calls: {}", calls(8));
    println!("before the first use");
    println!("{}", *GREETING);
    println!("{}", *GREETING);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_serves_all_in_a_hundred_runs() {
        assert!((0..100).all(|_| calls(4) == 1));
    }
}
