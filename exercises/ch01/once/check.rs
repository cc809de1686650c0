//! What a once cell guarantees, under every schedule.

use std::panic::{AssertUnwindSafe, catch_unwind};

use exercise_harness::sync::Arc;
use exercise_harness::sync::atomic::{AtomicUsize, Ordering};
use exercise_harness::{Check, expect, step, thread};

use super::solution::Once;

pub fn check(check: &mut Check) {
    check
        .case("one of two threads computes, and both get the value", 1)
        .schedules(2, || {
            let cell = Arc::new(Once::default());
            let runs = Arc::new(AtomicUsize::new(0));
            let ask = |cell: &Once<usize>, runs: &AtomicUsize| {
                cell.get(|| 7 + runs.fetch_add(1, Ordering::SeqCst))
            };
            let other = thread::named("other", {
                let (cell, runs) = (Arc::clone(&cell), Arc::clone(&runs));
                move || ask(&cell, &runs)
            });
            let mine = ask(&cell, &runs);
            let theirs = other.join().unwrap_or_default();
            expect("closures run:", 1, runs.load(Ordering::SeqCst));
            expect("both have", [7, 7], [mine, theirs]);
        });

    check
        .case("peek returns while a thread computes", 2)
        .schedules(1, || {
            let cell = Arc::new(Once::default());
            let value = cell.get(|| {
                let looker = thread::named("looker", {
                    let cell = Arc::clone(&cell);
                    move || cell.peek()
                });
                let seen = looker.join().unwrap_or_default();
                expect("before the value is there, peek returns", None, seen);
                7
            });
            expect("the value is", 7, value);
            expect("then peek returns", Some(7), cell.peek());
        });

    check.case("a waiting thread sleeps", 2).waits(|| {
        let cell = Arc::new(Once::default());
        cell.get(|| {
            step("computes, and asks for what it computes");
            cell.get(|| 7)
        });
    });

    check
        .case("all waiting threads get the value", 3)
        .schedules(1, || {
            let cell = Arc::new(Once::default());
            let others = ["left", "right"].map(|name| {
                let cell = Arc::clone(&cell);
                thread::named(name, move || cell.get(|| 7))
            });
            let mine = cell.get(|| 7);
            let [left, right] = others.map(|other| other.join().ok());
            expect("all have", [Some(7); 3], [Some(mine), left, right]);
        });

    check
        .case("after a panic the next thread tries", 4)
        .schedules(1, || {
            let cell = Arc::new(Once::default());
            let fails = thread::named("fails", {
                let cell = Arc::clone(&cell);
                move || {
                    let get = || cell.get(|| panic!("as the exercise says"));
                    catch_unwind(AssertUnwindSafe(get)).is_err()
                }
            });
            // The schedule decides which thread asks first.
            let mine = cell.get(|| 7);
            expect("the value is", 7, mine);
            let panicked = fails.join().unwrap_or_default();
            step(format!("its closure panicked: {panicked}"));
        });
}
