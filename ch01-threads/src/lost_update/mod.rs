//! Lost update: it compiles, because load and store are two steps.
//!
//! Atomics rule out the data race, not the race condition. A barrier between
//! the two steps makes the loss certain.
//!
//! cargo run -p ch01-threads -- lost-update

use super::sync::atomic::{AtomicU64, Ordering};
use super::sync::{Barrier, thread};

/// Adds 1 in each of `threads` threads, with a race; returns the counter: 1.
pub fn count_broken(threads: usize) -> u64 {
    let counter = AtomicU64::new(0);
    let all_loaded = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let seen = counter.load(Ordering::Relaxed);
                // No thread stores before all threads have loaded the same 0.
                all_loaded.wait();
                counter.store(seen + 1, Ordering::Relaxed);
            });
        }
    });
    counter.into_inner()
}

/// Adds 1 `times` times in each thread; returns the counter, without a loss.
pub fn count(threads: u64, times: u64) -> u64 {
    let counter = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..times {
                    // One atomic step. Relaxed: the scope's joins order it
                    // before the read at the end.
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    counter.into_inner()
}

/// Counts with eight threads, with lost updates and without.
pub fn demo() {
    let counted = count_broken(8);
    println!("load, store: {counted} of 8, lost {}", 8 - counted);

    let (all, counted) = (8_000_000, count(8, 1_000_000));
    println!("fetch_add: {counted} of {all}, lost {}", all - counted);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_then_store_loses_all_updates_but_one() {
        assert_eq!(count_broken(5), 1);
    }

    #[test]
    fn fetch_add_loses_none_in_twenty_runs() {
        for _ in 0..20 {
            assert_eq!(count(8, 10_000), 80_000);
        }
    }
}
