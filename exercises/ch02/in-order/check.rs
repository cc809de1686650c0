//! What `InOrder` guarantees: each answer in its turn, no later than it must.

use exercise_harness::{Check, expect, tell};

use super::solution::InOrder;

const ANSWERS: [&str; 5] = ["zero", "one", "two", "three", "four"];

/// Lets the answers of these numbers arrive; compares with a plain model.
fn arrive(numbers: &[usize]) {
    let mut in_order = InOrder::default();
    let mut come = [false; 5];
    let mut gone = 0;
    for number in numbers {
        tell("a worker", format!("answers {number}"));
        come[*number] = true;
        let before = gone;
        while gone < 5 && come[gone] {
            gone += 1;
        }
        let ready = in_order.arrived(*number, ANSWERS[*number].to_string());
        let what = format!("after {number}, of {numbers:?}, can be printed");
        expect(&what, &ANSWERS[before..gone], &ready);
        let held = come[gone..].iter().filter(|come| **come).count();
        expect("held back are", held, in_order.held_back());
    }
}

/// Calls `with` for each order of five numbers that starts with `begun`.
fn orders(begun: &mut Vec<usize>, with: &dyn Fn(&[usize])) {
    if begun.len() == 5 {
        return with(begun);
    }
    for number in 0..5 {
        if !begun.contains(&number) {
            begun.push(number);
            orders(begun, with);
            begun.pop();
        }
    }
}

pub fn check(check: &mut Check) {
    check
        .case("answers in order are printed at once", 1)
        .once(|| {
            arrive(&[0, 1, 2, 3, 4]);
        });
    check
        .case("an early answer is held no longer than it must", 2)
        .once(|| {
            arrive(&[1, 2, 0, 4, 3]);
        });
    check.case("a repeated answer is printed once", 3).once(|| {
        arrive(&[1, 1, 0, 0, 1, 2, 4, 4, 3]);
    });
    check.case("all this in all 120 orders", 1).once(|| {
        orders(&mut Vec::new(), &arrive);
    });
}
