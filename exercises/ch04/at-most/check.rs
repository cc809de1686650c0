//! What a limit owes to the work that waits, on a clock that jumps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::time::{Instant, sleep, timeout};

use super::solution::at_most;

/// How many pieces of work have begun, and how many are under way.
#[derive(Default)]
struct Kitchen {
    limit: usize,
    begun: AtomicUsize,
    busy: AtomicUsize,
}

impl Kitchen {
    fn new(limit: usize) -> Arc<Kitchen> {
        let (begun, busy) = Default::default();
        Arc::new(Kitchen { limit, begun, busy })
    }

    /// Cooks for some seconds; the dish is their number.
    async fn cook(self: Arc<Self>, seconds: u64) -> u64 {
        self.begun.fetch_add(1, SeqCst);
        let busy = 1 + self.busy.fetch_add(1, SeqCst);
        tell(format!("{seconds} s"), format!("begins: {busy} under way"));
        if busy > self.limit {
            let most = format!("at most {} under way", self.limit);
            wrong(most, format!("{busy} under way"));
        }
        sleep(Duration::from_secs(seconds)).await;
        self.busy.fetch_sub(1, SeqCst);
        tell(format!("{seconds} s"), "is done");
        seconds
    }
}

/// Returns how long workers take that never rest, each with the next item.
fn model(limit: usize, times: &[u64]) -> u64 {
    let mut free: BinaryHeap<_> = (0..limit).map(|_| Reverse(0)).collect();
    let mut end = 0;
    for time in times {
        let Reverse(at) = free.pop().unwrap_or_default();
        free.push(Reverse(at + time));
        end = end.max(at + time);
    }
    end
}

async fn all(limit: usize, times: Vec<u64>) {
    let kitchen = Kitchen::new(limit);
    let start = Instant::now();
    let cook = |seconds| Arc::clone(&kitchen).cook(seconds);
    let dishes = at_most(limit, times.clone(), cook).await;
    let took = start.elapsed().as_secs();
    let what = format!("of {times:?}, {limit} at once, the whole takes");
    expect(&what, model(limit, &times), took);
    expect("in the order of the items it is", times, dishes);
}

pub fn check(check: &mut Check) {
    check
        .case(
            "never more than the limit, and no item waits without need",
            3,
        )
        .virtual_time(|| all(2, vec![1, 4, 2, 3, 1]));
    check
        .case("a limit of one is a queue", 4)
        .virtual_time(|| all(1, vec![2, 1]));
    check
        .case("more room than items is no harm", 2)
        .virtual_time(|| all(9, vec![3, 1, 2]));
    check
        .case("no items, no outputs", 1)
        .virtual_time(|| all(3, vec![]));
    check
        .case("so it is with thirty random lists", 2)
        .virtual_time(async || {
            for seed in 0..30 {
                let mut random = fastrand::Rng::with_seed(seed);
                let limit = random.usize(1..5);
                let items = random.usize(0..12);
                all(limit, (0..items).map(|_| random.u64(1..9)).collect())
                    .await;
            }
        });
    check
        .case("`at_most`, dropped, begins nothing more", 5)
        .virtual_time(async || {
            let kitchen = Kitchen::new(1);
            let cook = |seconds| Arc::clone(&kitchen).cook(seconds);
            let patience = Duration::from_millis(1500);
            timeout(patience, at_most(1, vec![1, 1, 1], cook))
                .await
                .ok();
            tell("the caller", "has gone");
            let begun = kitchen.begun.load(SeqCst);
            sleep(Duration::from_secs(60)).await;
            let later = kitchen.begun.load(SeqCst) - begun;
            expect(
                "the number of those begun after it was dropped is",
                0,
                later,
            );
        });
}
