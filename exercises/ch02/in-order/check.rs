//! What a printer in order owes: nothing too early, nothing too late.

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

/// Calls `with` for each order of what is left, put behind `begun`.
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
    check.case("what comes in order goes at once", 1).once(|| {
        arrive(&[0, 1, 2, 3, 4]);
    });
    check
        .case("what comes early is held, no longer than it must", 2)
        .once(|| {
            arrive(&[1, 2, 0, 4, 3]);
        });
    check.case("what comes twice goes once", 3).once(|| {
        arrive(&[1, 1, 0, 0, 1, 2, 4, 4, 3]);
    });
    check.case("so it is in all 120 orders", 1).once(|| {
        orders(&mut Vec::new(), &arrive);
    });
}
