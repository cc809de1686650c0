//! Giving way by hand, and what it costs.
//!
//! `yield_now().await` lets the thread's other tasks run, then goes on, as
//! Python's `await asyncio.sleep(0)` does. How often is the author's guess.
//!
//! cargo run -p ch04-async -- nap

use std::time::{Duration, Instant};

use tokio::task;

use crate::blocking::{PRIME, is_prime};
use crate::spinner::{Line, spin};

/// Stands for a number of turns that is never reached.
pub const NEVER: u64 = u64::MAX;

/// Does as [`is_prime`], but gives way after every `turns` turns of its loop.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19, "Power Napping with sleep(0)".
pub async fn is_prime_napping(n: u64, turns: u64) -> bool {
    if n < 2 || n.is_multiple_of(2) {
        return n == 2;
    }
    let mut turn = 0;
    for i in (3..=n.isqrt()).step_by(2) {
        if n.is_multiple_of(i) {
            return false;
        }
        // Counting is cheaper than `i % turns`, a second division per turn.
        turn += 1;
        if turn == turns {
            turn = 0;
            task::yield_now().await;
        }
    }
    true
}

/// Tests [`PRIME`] beside a spinner, on one thread: its frames and the time.
#[tokio::main(flavor = "current_thread")]
pub async fn nap(turns: u64) -> (usize, Duration) {
    let (line, history) = Line::new("thinking!");
    let spinner = task::spawn(spin(line));
    let start = Instant::now();
    assert!(is_prime_napping(PRIME, turns).await);
    let elapsed = start.elapsed();
    spinner.abort();
    spinner.await.ok();
    (history.take_frames(), elapsed)
}

/// Naps never, rarely, and often.
pub fn demo() {
    let start = Instant::now();
    assert!(is_prime(PRIME));
    let plain = start.elapsed();
    eprintln!("plain is_prime: {plain:.2?}");

    for turns in [NEVER, 10_000_000, 1_000_000, 50_000, 1_000] {
        let (frames, elapsed) = nap(turns);
        match turns {
            NEVER => println!("never: {frames} frames"),
            _ => println!("every {turns} turns: {frames} frames"),
        }
        let ratio = elapsed.div_duration_f64(plain);
        eprintln!("  {elapsed:.2?}, {ratio:.2} times plain");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn napping_changes_no_answer() {
        for n in (0..200).chain([9_409, 1_000_003]) {
            for turns in [1, 7, NEVER] {
                assert_eq!(is_prime_napping(n, turns).await, is_prime(n));
            }
        }
    }

    #[tokio::test]
    async fn every_nap_lets_the_other_task_run_once() {
        let turns_taken = std::rc::Rc::new(std::cell::Cell::new(0));
        let counter = turns_taken.clone();
        let beside = async move {
            loop {
                counter.set(counter.get() + 1);
                task::yield_now().await;
            }
        };
        // 1,000,003 is prime: 499 odd numbers from 3 to its square root.
        tokio::select! {
            biased;
            prime = is_prime_napping(1_000_003, 100) => assert!(prime),
            () = beside => unreachable!(),
        }
        assert_eq!(turns_taken.get(), 4);
    }
}
