//! What giving way costs: the prime test with naps, against the plain one.
//!
//! cargo bench -p ch04-async --bench nap

mod record;

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ch04_async::frozen::{PRIME, is_prime};
use ch04_async::nap::{NEVER, is_prime_napping};
use record::Row;

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
    let mut rows = vec![Row {
        key: "plain".to_string(),
        label: "plain".to_string(),
        times: Vec::new(),
    }];
    rows.extend(INTERVALS.map(|(key, turns)| Row {
        key: key.to_string(),
        label: match turns {
            NEVER => "could nap, never does".to_string(),
            _ => format!("naps every {turns} turns"),
        },
        times: Vec::new(),
    }));
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        rows[0].times.push(plain(n));
        for (row, (_, turns)) in rows[1..].iter_mut().zip(INTERVALS) {
            row.times.push(napping(n, turns));
        }
    }
    if measure {
        let what = format!(
            "`is_prime({n})`, giving way with `yield_now().await` on a \
             current-thread runtime; the median of {rounds} rounds"
        );
        record::print(&what, "nap", Some("plain"), &rows);
    } else {
        // True on any machine, in any build, by an order of magnitude.
        assert!(
            record::ratio(&rows[3], &rows[0]) < 10.0,
            "every 50,000 turns"
        );
    }
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
