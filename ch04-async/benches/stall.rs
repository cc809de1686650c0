//! How long a loop stands still: beside nothing, `spawn_blocking`, blocking.
//!
//! cargo bench -p ch04-async --bench stall

mod record;

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ch04_async::frozen::{PRIME, is_prime};
use record::Row;
use tokio::{task, time};

const BEAT: Duration = Duration::from_millis(5);
/// For `cargo test`, which asks only whether all this works.
const SMALL_PRIME: u64 = 1_000_000_000_039;

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (n, rounds) = if measure {
        (PRIME, 15)
    } else {
        (SMALL_PRIME, 1)
    };
    let mut rows = [
        Row::new("idle", "beside nothing"),
        Row::new("spawn-blocking", "beside spawn_blocking"),
        Row::new("blocking", "beside the same work in a task"),
    ];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let (gap, _) = longest_gap(async {
            // As long as the work takes, about.
            time::sleep(Duration::from_millis(100)).await;
            Duration::ZERO
        });
        rows[0].times.push(gap);
        let (gap, _) = longest_gap(async move {
            let work = task::spawn_blocking(move || timed(n));
            work.await.expect("it does not panic")
        });
        rows[1].times.push(gap);
        let (gap, work) = longest_gap(async move { timed(n) });
        // Certain on any machine: nobody beats while the thread is at work.
        assert!(gap >= work, "{gap:?} in {work:?}");
        rows[2].times.push(gap);
    }
    if measure {
        let what = format!(
            "The longest time between two beats of a task that sleeps {} ms \
             each time, on a current-thread runtime, while `is_prime({n})` is \
             computed; the median of {rounds} rounds",
            BEAT.as_millis()
        );
        record::print(&what, "stall", Some("beside nothing"), &rows);
    }
}

fn timed(n: u64) -> Duration {
    let start = Instant::now();
    assert!(is_prime(black_box(n)));
    start.elapsed()
}

/// Returns the longest time between two beats beside some work, and how long
/// the work took.
#[tokio::main(flavor = "current_thread")]
async fn longest_gap(
    work: impl Future<Output = Duration> + Send + 'static,
) -> (Duration, Duration) {
    let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
    let mut work = task::spawn(work);
    loop {
        // The first beat comes before the work's first poll.
        let took = tokio::select! {
            biased;
            () = time::sleep(BEAT) => None,
            took = &mut work => Some(took.expect("it does not panic")),
        };
        longest = longest.max(last.elapsed());
        last = Instant::now();
        if let Some(took) = took {
            return (longest, took);
        }
    }
}
