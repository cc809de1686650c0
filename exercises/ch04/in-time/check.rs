//! What a time limit owes to both sides, on a clock that jumps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use exercise_harness::{Check, expect, tell};
use tokio::time::{Instant, sleep, timeout};

use super::solution::{Late, in_time};

const SECOND: Duration = Duration::from_secs(1);

/// Returns what `in_time` returned, and after how long.
async fn timed<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> (Result<T, Late>, Duration) {
    let start = Instant::now();
    (in_time(limit, work).await, start.elapsed())
}

/// Work that takes some seconds, and leaves a mark when it is done.
async fn cook(seconds: u32, done: Arc<AtomicBool>) -> &'static str {
    sleep(SECOND * seconds).await;
    tell("the work", "is done");
    done.store(true, Ordering::SeqCst);
    "dinner"
}

pub fn check(check: &mut Check) {
    check
        .case("a quick future is answered when it is ready", 1)
        .virtual_time(async || {
            let said = timed(SECOND * 5, cook(2, Arc::default())).await;
            expect(
                "after 2 of 5 seconds it is",
                (Ok("dinner"), SECOND * 2),
                said,
            );
        });

    check
        .case("a slow future is given up when the time is over", 1)
        .virtual_time(async || {
            let said = timed(SECOND * 2, cook(5, Arc::default())).await;
            expect("after 2 of 5 seconds it is", (Err(Late), SECOND * 2), said);
        });

    check
        .case("a future that is too late has stopped", 3)
        .virtual_time(async || {
            let done = Arc::<AtomicBool>::default();
            in_time(SECOND, cook(3, Arc::clone(&done))).await.ok();
            tell("the caller", "has its answer");
            sleep(SECOND * 9).await;
            expect(
                "that the work goes on is",
                false,
                done.load(Ordering::SeqCst),
            );
        });

    check
        .case("`in_time`, dropped, drops the work", 3)
        .virtual_time(async || {
            let done = Arc::<AtomicBool>::default();
            let limited = in_time(SECOND * 60, cook(3, Arc::clone(&done)));
            timeout(SECOND, limited).await.ok();
            tell("the caller", "has gone");
            sleep(SECOND * 9).await;
            expect(
                "that the work goes on is",
                false,
                done.load(Ordering::SeqCst),
            );
        });

    // Sixty times: by lot it would be right once in a while.
    check
        .case("an answer that is there is not thrown away", 2)
        .virtual_time(async || {
            for _ in 0..60 {
                let said = timed(Duration::ZERO, async { "dinner" }).await;
                expect("with no time at all it is", Ok("dinner"), said.0);
            }
        });
}
