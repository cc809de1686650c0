//! Delegation: what is passed on, to which coroutine, and when.

use std::cell::RefCell;
use std::rc::Rc;

use exercise_harness::{Check, expect, tell};

use super::solution::{Chain, Coroutine, Input, Output};

type History = Rc<RefCell<Vec<String>>>;

/// Answers from its script, in turn, and writes down each input.
struct Scripted {
    name: &'static str,
    answers: std::vec::IntoIter<Output>,
    history: History,
}

impl Coroutine for Scripted {
    fn resume(&mut self, input: Input) -> Output {
        tell(self.name, format!("gets {input:?}"));
        let line = format!("{} gets {input:?}", self.name);
        self.history.borrow_mut().push(line);
        self.answers
            .next()
            .unwrap_or(Output::Raised("resumed after its end"))
    }
}

use Input::{Close, Next, Send, Throw};
use Output::{Raised, Returned, Yielded};

/// Resumes a chain with the inputs; checks outputs, and which part got which.
fn chain(
    first: &[Output],
    second: &[Output],
    inputs: &[(Input, Output)],
    got: &[&str],
) {
    let history = History::default();
    let scripted = |name, answers: &[Output]| Scripted {
        name,
        answers: Vec::from(answers).into_iter(),
        history: Rc::clone(&history),
    };
    let mut chain = Chain::new(
        scripted("the first", first),
        scripted("the second", second),
    );
    for (input, output) in inputs {
        tell("the caller", format!("resumes with {input:?}"));
        let said = chain.resume(*input);
        expect(&format!("to {input:?} the chain says"), *output, said);
    }
    let seen = history.borrow();
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    expect("the history is", got, seen.as_slice());
}

pub fn check(check: &mut Check) {
    check
        .case("one begins when the other has ended", 2)
        .once(|| {
            chain(
                &[Yielded(1), Returned(10)],
                &[Yielded(2), Returned(5)],
                &[(Next, Yielded(1)), (Next, Yielded(2)), (Next, Returned(15))],
                &[
                    "the first gets Next",
                    "the first gets Next",
                    "the second gets Next",
                    "the second gets Next",
                ],
            );
        });
    check.case("each value is received once", 3).once(|| {
        chain(
            &[Yielded(1), Yielded(2), Returned(10)],
            &[Yielded(3), Returned(5)],
            &[
                (Next, Yielded(1)),
                (Send(7), Yielded(2)),
                (Send(8), Yielded(3)),
                (Send(9), Returned(15)),
            ],
            &[
                "the first gets Next",
                "the first gets Send(7)",
                "the first gets Send(8)",
                "the second gets Next",
                "the second gets Send(9)",
            ],
        );
    });
    check.case("an error is thrown where it waits", 5).once(|| {
        chain(
            &[Yielded(1), Yielded(2), Raised("milk")],
            &[Yielded(3)],
            &[
                (Next, Yielded(1)),
                (Throw("eggs"), Yielded(2)),
                (Throw("milk"), Raised("milk")),
            ],
            &[
                "the first gets Next",
                "the first gets Throw(\"eggs\")",
                "the first gets Throw(\"milk\")",
            ],
        );
    });
    check
        .case("a coroutine that catches an error may end with it", 2)
        .once(|| {
            chain(
                &[Yielded(1), Returned(10)],
                &[Yielded(3), Raised("eggs")],
                &[
                    (Next, Yielded(1)),
                    (Throw("milk"), Yielded(3)),
                    (Throw("eggs"), Raised("eggs")),
                ],
                &[
                    "the first gets Next",
                    "the first gets Throw(\"milk\")",
                    "the second gets Next",
                    "the second gets Throw(\"eggs\")",
                ],
            );
        });
    check
        .case("a close is heard by the one that runs", 4)
        .once(|| {
            chain(
                &[Yielded(1), Returned(10)],
                &[Yielded(3), Returned(5)],
                &[(Next, Yielded(1)), (Close, Returned(10))],
                &["the first gets Next", "the first gets Close"],
            );
            chain(
                &[Returned(10)],
                &[Yielded(3), Returned(5)],
                &[(Next, Yielded(3)), (Close, Returned(15))],
                &[
                    "the first gets Next",
                    "the second gets Next",
                    "the second gets Close",
                ],
            );
        });
    check
        .case("a coroutine that ignores a close reports it", 4)
        .once(|| {
            chain(
                &[Yielded(1), Yielded(2)],
                &[],
                &[(Next, Yielded(1)), (Close, Yielded(2))],
                &["the first gets Next", "the first gets Close"],
            );
        });
}
