//! What giving way costs: the prime test with naps, against the plain one.
//!
//! Not by criterion: a few per cent are the question, so that all take turns.
//!
//! cargo bench -p ch04-async --bench nap

use std::hint::black_box;
use std::time::{Duration, Instant};

use ch04_async::blocking::{PRIME, is_prime};
use ch04_async::nap::{NEVER, is_prime_napping};
use measure::is_wanted;

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
        measured.add_time("plain", "plain", plain(n));
        for (key, turns) in INTERVALS {
            let label = match turns {
                NEVER => "could nap, never does".to_string(),
                _ => format!("naps every {turns} turns"),
            };
            measured.add_time(key, &label, napping(n, turns));
        }
    }
    // True on any machine, in any build, by an order of magnitude.
    assert!(measured.ratio("every-50000", "plain") < 10.0);
    measured.compare_with_first("plain");
    measured.print(&format!(
        "`is_prime({n})`, giving way with `yield_now().await` on a \
         current-thread runtime"
    ));
}

fn plain(n: u64) -> Duration {
    let start = Instant::now();
    assert!(is_prime(black_box(n)));
    start.elapsed()
}

#[tokio::main(flavor = "current_thread")]
async fn napping(n: u64, turns: u64) -> Duration {
    let start = Instant::now();
    assert!(is_prime_napping(black_box(n), turns).await);
    start.elapsed()
}
