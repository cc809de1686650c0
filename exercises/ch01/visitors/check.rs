//! What a visitor counter guarantees, under every schedule.

use exercise_harness::sync::Arc;
use exercise_harness::{Check, expect, step, thread, wrong};

use super::solution::Visitors;

pub fn check(check: &mut Check) {
    check
        .case("each of three visits has a number of its own", 1)
        .schedules(2, || {
            let visitors = Arc::new(Visitors::default());
            let other = thread::named("other", {
                let visitors = Arc::clone(&visitors);
                move || {
                    let number = visitors.visit();
                    step(format!("has number {number}"));
                    number
                }
            });
            let first = visitors.visit();
            step(format!("has number {first}"));
            let second = visitors.visit();
            step(format!("has number {second}"));
            let third = other.join().unwrap_or_default();
            let mut numbers = [first, second, third];
            numbers.sort_unstable();
            expect("the numbers given are", [1, 2, 3], numbers);
            if second < first {
                wrong("a greater number later", format!("{first}, {second}"));
            }
        });

    check
        .case("the count is the number of visits", 2)
        .schedules(2, || {
            let visitors = Arc::new(Visitors::default());
            let other = thread::named("other", {
                let visitors = Arc::clone(&visitors);
                move || visitors.visit()
            });
            visitors.visit();
            other.join().ok();
            expect("the count is", 2, visitors.count());
        });
}
