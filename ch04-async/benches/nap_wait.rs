//! What giving way buys: how long others wait for their turn.
//!
//! The longest wait is a frame's jitter: by so much the spinner can be late.
//!
//! cargo bench -p ch04-async --bench nap_wait

mod record;

use std::cell::Cell;
use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ch04_async::frozen::PRIME;
use ch04_async::nap::{NEVER, is_prime_napping};
use record::Row;
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
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (n, rounds) = if measure {
        (PRIME, 7)
    } else {
        (SMALL_PRIME, 1)
    };
    let mut rows = INTERVALS.map(|(key, turns)| Row {
        key: key.to_string(),
        label: match turns {
            NEVER => "never".to_string(),
            _ => format!("every {turns} turns"),
        },
        times: Vec::new(),
    });
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (row, (_, turns)) in rows.iter_mut().zip(INTERVALS) {
            let (longest, whole) = longest_wait(n, turns);
            // Who never naps makes the other wait for all of it.
            assert!(turns != NEVER || longest >= whole);
            row.times.push(longest);
        }
    }
    if measure {
        let what = format!(
            "The longest wait of a future that is always ready, beside \
             `is_prime({n})` on one thread, by how often that gives way; the \
             median of {rounds} rounds"
        );
        record::print(&what, "nap_wait", None, &rows);
    }
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
