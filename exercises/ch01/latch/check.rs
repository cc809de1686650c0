//! What a latch guarantees, under every schedule.

use exercise_harness::sync::Arc;
use exercise_harness::sync::atomic::{AtomicUsize, Ordering};
use exercise_harness::{Check, expect, step, thread};

use super::solution::Latch;

pub fn check(check: &mut Check) {
    check
        .case("wait returns when all have arrived", 1)
        .schedules(2, || {
            let latch = Arc::new(Latch::new(2));
            let arrived = Arc::new(AtomicUsize::new(0));
            let waiter = thread::named("waiter", {
                let (latch, arrived) =
                    (Arc::clone(&latch), Arc::clone(&arrived));
                move || {
                    latch.wait();
                    arrived.load(Ordering::SeqCst)
                }
            });
            for _ in 0..2 {
                arrived.fetch_add(1, Ordering::SeqCst);
                latch.arrive();
            }
            let seen = waiter.join().unwrap_or_default();
            expect("arrived before wait returns:", 2, seen);
        });

    check.case("a waiting thread sleeps", 1).waits(|| {
        let latch = Latch::new(1);
        step("waits for an arrival that never comes");
        latch.wait();
    });

    check
        .case("an arrival just before the sleep is not lost", 2)
        .schedules(2, || {
            let latch = Arc::new(Latch::new(1));
            let waiter = thread::named("waiter", {
                let latch = Arc::clone(&latch);
                move || latch.wait()
            });
            latch.arrive();
            waiter.join().ok();
        });

    check
        .case("all waiting threads are woken", 3)
        .schedules(1, || {
            let latch = Arc::new(Latch::new(1));
            let waiters = ["left", "right"].map(|name| {
                let latch = Arc::clone(&latch);
                thread::named(name, move || latch.wait())
            });
            latch.arrive();
            waiters.into_iter().for_each(|w| drop(w.join()));
        });

    check.case("an open latch stays open", 4).alone(|| {
        let latch = Latch::new(1);
        latch.arrive();
        latch.wait();
        latch.arrive();
        latch.wait();
    });
}
