//! What a pool guarantees, under every schedule.

use exercise_harness::sync::Arc;
use exercise_harness::sync::atomic::{AtomicUsize, Ordering};
use exercise_harness::sync::{Condvar, Mutex, PoisonError};
use exercise_harness::{Check, expect, step};

use super::solution::Pool;

/// The payload of a job's panic, which panics again when it is dropped.
struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        panic!("a payload that fails");
    }
}

pub fn check(check: &mut Check) {
    check
        .case("every job has run once when finish returns", 1)
        .schedules(2, || {
            let pool = Pool::new(1);
            let runs = Arc::new(AtomicUsize::new(0));
            for _ in 0..2 {
                let runs = Arc::clone(&runs);
                pool.submit(move || {
                    runs.fetch_add(1, Ordering::SeqCst);
                });
            }
            expect("panics counted:", 0, pool.finish());
            let all = runs.load(Ordering::SeqCst);
            expect("jobs that have run:", 2, all);
        });

    check
        .case("a panic ends its job, and no worker", 3)
        .schedules(2, || {
            let pool = Pool::new(1);
            let runs = Arc::new(AtomicUsize::new(0));
            pool.submit(|| panic!("a job that fails"));
            pool.submit({
                let runs = Arc::clone(&runs);
                move || {
                    runs.fetch_add(1, Ordering::SeqCst);
                }
            });
            expect("panics counted:", 1, pool.finish());
            let all = runs.load(Ordering::SeqCst);
            expect("jobs that have run:", 1, all);
        });

    check
        .case("two workers without a job both end", 4)
        .schedules(2, || {
            expect("panics counted:", 0, Pool::new(2).finish());
        });

    check
        .case("two workers run two jobs at the same time", 2)
        .schedules(0, || {
            let pool = Pool::new(2);
            let met = Arc::new((Mutex::new(0), Condvar::new()));
            for name in ["first", "second"] {
                let met = Arc::clone(&met);
                pool.submit(move || {
                    step(format!("the {name} job waits for the other one"));
                    let (here, both) = &*met;
                    let here = here.lock();
                    let mut here = here.unwrap_or_else(PoisonError::into_inner);
                    *here += 1;
                    both.notify_all();
                    let all = both.wait_while(here, |here| *here < 2);
                    drop(all);
                });
            }
            expect("panics counted:", 0, pool.finish());
        });

    check
        .case("a payload whose `Drop` panics ends no worker", 5)
        .schedules(1, || {
            let pool = Pool::new(1);
            let runs = Arc::new(AtomicUsize::new(0));
            pool.submit(|| std::panic::panic_any(Payload));
            pool.submit({
                let runs = Arc::clone(&runs);
                move || {
                    runs.fetch_add(1, Ordering::SeqCst);
                }
            });
            expect("panics counted:", 1, pool.finish());
            let all = runs.load(Ordering::SeqCst);
            expect("jobs that have run:", 1, all);
        });
}
