//! Data race: it does not compile, so each thread counts in its own variable.
//!
//! The compiler refuses `counter += 1` from two threads:
//! `src/data_race/refused.rs`. Here the threads share nothing, and the caller
//! adds up at the end.
//!
//! cargo run -p ch01-threads -- data-race

use std::thread;

/// Counts to `times` in each of `threads` threads; returns the sum.
pub fn count(threads: u64, times: u64) -> u64 {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(move || (0..times).map(|_| 1).sum::<u64>()))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("counting does not panic"))
            .sum()
    })
}

/// Counts with four threads, as the Python twin does.
pub fn demo() {
    let (threads, times) = (4, 200_000);
    let (all, counted) = (threads * times, count(threads, times));
    println!("a counter each: {counted} of {all}, lost {}", all - counted);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_in_twenty_runs() {
        for _ in 0..20 {
            assert_eq!(count(8, 10_000), 80_000);
        }
    }
}
