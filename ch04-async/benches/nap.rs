//! What giving way costs, and what it buys.
//!
//! For each interval: the time of the prime test, and the longest time that
//! another future, always ready, waited for its turn. Ratios are to the plain
//! prime test of the same round.
//!
//! cargo bench -p ch04-async --bench nap

use std::cell::Cell;
use std::env;
use std::env::consts::{ARCH, OS};
use std::hint::black_box;
use std::thread::available_parallelism;
use std::time::{Duration, Instant, SystemTime};

use ch04_async::s02_frozen::is_prime;
use ch04_async::s03_nap::{NEVER, is_prime_napping};
use tokio::task;

const INTERVALS: [u64; 6] = [1, 100, 10_000, 50_000, 1_000_000, NEVER];

/// Ten million turns: the section's prime would nap for twelve seconds at
/// interval one. Ratios are per turn, so the size does not matter.
const PRIME: u64 = 400_000_000_000_063;
/// For `cargo test`, which asks only whether all this works.
const SMALL_PRIME: u64 = 1_000_000_000_039;

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (n, rounds) = if measure {
        (PRIME, 7)
    } else {
        (SMALL_PRIME, 1)
    };
    let (mut plain, mut napping) = (Vec::new(), [const { Vec::new() }; 6]);
    let mut waiting = napping.clone();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let start = Instant::now();
        assert!(is_prime(black_box(n)));
        plain.push(start.elapsed());
        for (i, turns) in INTERVALS.into_iter().enumerate() {
            napping[i].push(time(n, turns));
            waiting[i].push(longest_wait(n, turns));
        }
    }
    if measure {
        print_record(&plain, &napping, &waiting);
    } else {
        check_shape(&plain, &napping, &waiting);
    }
}

/// Checks what holds on any machine under any load, by an order of magnitude.
fn check_shape(plain: &Times, napping: &[Times], waiting: &[Times]) {
    let ratio = |times: &[Times], i: usize| median(&ratios(&times[i], plain));
    assert!(ratio(napping, 0) > 2.0, "a nap every turn costs something");
    assert!(
        ratio(napping, 3) < 10.0,
        "a nap every 50,000 turns costs little"
    );
    assert!(
        ratio(waiting, 5) > 0.1,
        "without naps the other waits it out"
    );
}

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

type Times = Vec<Duration>;

fn print_record(plain: &Times, napping: &[Times], waiting: &[Times]) {
    let mut rows = vec![row("plain", "plain is_prime", plain, plain)];
    for (i, turns) in INTERVALS.into_iter().enumerate() {
        let (key, label) = match turns {
            NEVER => ("never".to_string(), "never".to_string()),
            1 => ("1".to_string(), "every turn".to_string()),
            _ => (turns.to_string(), format!("every {turns} turns")),
        };
        let time = format!("naps {label}: time");
        rows.push(row(&format!("time-{key}"), &time, &napping[i], plain));
        let wait = format!("naps {label}: longest wait of another");
        rows.push(row(&format!("wait-{key}"), &wait, &waiting[i], plain));
    }
    let what = format!(
        "is_prime({PRIME}) giving way with yield_now, on one thread; \
         ratio: to plain is_prime in the same round"
    );
    let cores = available_parallelism().map_or(1, usize::from);
    println!(
        "{{\n  \"what\": \"{what}\",\n  \
         \"command\": \"cargo bench -p ch04-async --bench nap\",\n  \
         \"date\": \"{}\",\n  \
         \"machine\": \"{OS} {ARCH}, {cores} cores\",\n  \
         \"rows\": [\n{}\n  ]\n}}",
        today(),
        rows.join(",\n")
    );
}

/// Median and spread in milliseconds, the spread from best to worst round.
fn row(key: &str, label: &str, times: &Times, plain: &Times) -> String {
    let ms: Vec<f64> = times.iter().map(|t| t.as_secs_f64() * 1e3).collect();
    let low = ms.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ms.iter().copied().fold(0.0, f64::max);
    format!(
        "    {{\"key\": \"{key}\", \"label\": \"{label}\", \
         \"median\": {:.3}, \"spread\": [{low:.3}, {high:.3}], \
         \"unit\": \"ms\", \"ratio\": {:.3}}}",
        median(&ms),
        median(&ratios(times, plain)),
    )
}

fn ratios(times: &Times, plain: &Times) -> Vec<f64> {
    let pairs = times.iter().zip(plain);
    pairs
        .map(|(time, plain)| time.div_duration_f64(*plain))
        .collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Today's date in UTC, by the Gregorian calendar's cycle of 400 years.
fn today() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = now.map_or(0, |now| now.as_secs());
    // Days since 1 March of the year 0: leap days come last in a year.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!(
        "{:04}-{month:02}-{day_of_month:02}",
        era * 400 + year + carry
    )
}
