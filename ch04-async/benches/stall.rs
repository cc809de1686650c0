//! How long a loop stands still: beside nothing, `spawn_blocking`, blocking.
//!
//! Not by criterion: it is the longest time that counts.
//!
//! cargo bench -p ch04-async --bench stall

use std::hint::black_box;
use std::time::{Duration, Instant};

use ch04_async::blocking::{PRIME, is_prime};
use measure::is_wanted;
use tokio::{task, time};

const BEAT: Duration = Duration::from_millis(5);
/// For `cargo test`, which asks only whether all this works.
const SMALL_PRIME: u64 = 1_000_000_000_039;

fn main() {
    let n = if is_wanted() { PRIME } else { SMALL_PRIME };
    let mut measured = measure::bench!("ms");
    for _ in measured.rounds(15) {
        let (gap, _) = longest_gap(async {
            // As long as the work takes, about.
            time::sleep(Duration::from_millis(100)).await;
            Duration::ZERO
        });
        measured.add_time("idle", "beside nothing", gap);
        let (gap, _) = longest_gap(async move {
            let work = task::spawn_blocking(move || timed(n));
            work.await.expect("it does not panic")
        });
        measured.add_time("spawn-blocking", "beside spawn_blocking", gap);
        let (gap, work) = longest_gap(async move { timed(n) });
        // Certain on any machine: no beat comes while the thread is at work.
        assert!(gap >= work, "{gap:?} in {work:?}");
        let label = "beside the same work in a task";
        measured.add_time("blocking", label, gap);
    }
    measured.compare_with_first("beside nothing");
    measured.print(&format!(
        "The longest time between two beats of a task that sleeps {} ms each \
         time, on a current-thread runtime, while `is_prime({n})` is computed",
        BEAT.as_millis()
    ));
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
