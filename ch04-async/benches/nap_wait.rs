//! What giving way buys: how long others wait for their turn.
//!
//! The longest wait is a frame's jitter: the spinner can be late by that time.
//!
//! Not by criterion: it is the longest time that counts.
//!
//! cargo bench -p ch04-async --bench nap_wait

use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ch04_async::blocking::PRIME;
use ch04_async::nap::{NEVER, is_prime_napping};
use measure::is_wanted;
use tokio::task;

/// For `cargo test`, which asks only whether all this works.
const SMALL_PRIME: u64 = 1_000_000_000_039;
const INTERVALS: [(&str, u64); 6] = [
    ("never", NEVER),
    ("every-1000000", 1_000_000),
    ("every-50000", 50_000),
    ("every-10000", 10_000),
    ("every-100", 100),
    ("every-10", 10),
];

fn main() {
    let n = if is_wanted() { PRIME } else { SMALL_PRIME };
    let mut measured = measure::bench!("ms");
    for _ in measured.rounds(7) {
        for (key, turns) in INTERVALS {
            let label = match turns {
                NEVER => "never".to_string(),
                _ => format!("every {turns} turns"),
            };
            let (longest, whole) = longest_wait(n, turns);
            // A test that never naps makes the other wait for all of it.
            assert!(turns != NEVER || longest >= whole);
            measured.add_time(key, &label, longest);
        }
    }
    measured.print(&format!(
        "The longest wait of a future that is always ready, beside \
         `is_prime({n})` on one thread, by how often that gives way"
    ));
}

/// Returns the longest time between two turns of the other future, and the time
/// that the prime test took.
#[tokio::main(flavor = "current_thread")]
async fn longest_wait(n: u64, turns: u64) -> (Duration, Duration) {
    let last = Cell::new(Instant::now());
    let longest = Cell::new(Duration::ZERO);
    let turn = || {
        longest.set(longest.get().max(last.get().elapsed()));
        last.set(Instant::now());
    };
    let other = async {
        loop {
            turn();
            task::yield_now().await;
        }
    };
    let start = Instant::now();
    tokio::select! {
        biased;
        prime = is_prime_napping(black_box(n), turns) => assert!(prime),
        () = other => unreachable!("it has no end"),
    }
    let whole = start.elapsed();
    turn();
    (longest.get(), whole)
}
