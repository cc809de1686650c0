//! What giving way costs, and what it buys.
//!
//! For each interval: the time of the prime test, as a ratio to the plain one of
//! the same round; and the longest time that a task which was ready to run had
//! to wait for its turn.
//!
//! cargo bench -p ch04-async --bench nap

use std::cell::Cell;
use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ch04_async::s02_frozen::{PRIME, is_prime};
use ch04_async::s03_nap::{NEVER, is_prime_napping};
use tokio::task;

const INTERVALS: [u64; 6] = [1, 100, 10_000, 50_000, 1_000_000, NEVER];

/// The prime test alone.
#[tokio::main(flavor = "current_thread")]
async fn time(n: u64, turns: u64) -> Duration {
    let start = Instant::now();
    assert!(is_prime_napping(black_box(n), turns).await);
    start.elapsed()
}

/// The longest wait of a task that does nothing but ask for its next turn.
#[tokio::main(flavor = "current_thread")]
async fn longest_wait(n: u64, turns: u64) -> Duration {
    let last = Cell::new(Instant::now());
    let longest = Cell::new(Duration::ZERO);
    let turn = || {
        longest.set(longest.get().max(last.get().elapsed()));
        last.set(Instant::now());
    };
    let beside = async {
        loop {
            turn();
            task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        prime = is_prime_napping(black_box(n), turns) => assert!(prime),
        () = beside => unreachable!(),
    }
    turn();
    longest.get()
}
fn main() {
    for t in INTERVALS {
        let s = Instant::now(); black_box(is_prime(black_box(PRIME)));
        let p = s.elapsed();
        println!("{t} plain {p:?} nap {:?} wait {:?}", time(PRIME, t), longest_wait(PRIME, t));
    }
    let _ = env::args();
}
