//! The answers of a coroutine in each of its states.

use exercise_harness::{Check, expect, tell};

use super::solution::Input::{Close, Next, Send, Throw};
use super::solution::Output::{self, Raised, Returned, Yielded};
use super::solution::{Averager, Input};

fn says(script: &[(Input, Output)]) {
    let mut averager = Averager::default();
    for (input, output) in script {
        let said = averager.resume(*input);
        tell("the averager", format!("to {input:?} says {said:?}"));
        expect(&format!("to {input:?} it says"), *output, said);
    }
}

pub fn check(check: &mut Check) {
    check.case("it yields the average so far", 2).once(|| {
        says(&[
            (Next, Yielded(0)),
            (Send(10), Yielded(10)),
            (Send(30), Yielded(20)),
            (Send(5), Yielded(15)),
            (Close, Returned(3)),
        ]);
    });
    check
        .case("it is begun before it is sent anything", 3)
        .once(|| {
            says(&[
                (Send(10), Raised("not begun")),
                (Next, Yielded(0)),
                (Send(4), Yielded(4)),
                (Close, Returned(1)),
            ]);
        });
    check
        .case("`Next` yields the same average again", 1)
        .once(|| {
            says(&[
                (Next, Yielded(0)),
                (Send(8), Yielded(8)),
                (Next, Yielded(8)),
                (Next, Yielded(8)),
                (Send(4), Yielded(6)),
            ]);
        });
    check.case("it catches one error, and goes on", 1).once(|| {
        says(&[
            (Next, Yielded(0)),
            (Send(8), Yielded(8)),
            (Throw("reset"), Yielded(0)),
            (Send(4), Yielded(4)),
            (Close, Returned(1)),
        ]);
    });
    check
        .case("an error that it does not catch ends it", 4)
        .once(|| {
            says(&[
                (Next, Yielded(0)),
                (Throw("milk"), Raised("milk")),
                (Next, Raised("ended")),
                (Send(1), Raised("ended")),
            ]);
            says(&[(Throw("reset"), Raised("reset")), (Next, Raised("ended"))]);
        });
    check
        .case("a coroutine that has ended stays ended", 4)
        .once(|| {
            says(&[
                (Next, Yielded(0)),
                (Close, Returned(0)),
                (Next, Raised("ended")),
                (Close, Raised("ended")),
                (Throw("reset"), Raised("ended")),
            ]);
            says(&[(Close, Returned(0)), (Next, Raised("ended"))]);
        });
    check
        .case("sixty random lists agree with a model", 2)
        .rounds(60, |random, size| {
            let mut averager = Averager::default();
            averager.resume(Next);
            let mut sum = 0;
            for count in 1..=size as i32 {
                let number = random.i32(0..100);
                sum += number;
                let said = averager.resume(Send(number));
                let what = format!("the average of {count} numbers is");
                expect(&what, Yielded(sum / count), said);
            }
        });
}
