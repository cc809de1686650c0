//! Runs a program under every schedule, until one goes wrong.

use std::sync::Arc;

use explore::bounded::Bounded;
use explore::threads::{Shared, run};
use explore::trace::{self, Trace};
use shuttle::MaxSteps;

use crate::finding::{self, What};

/// A program of a few threads that needs more does not end.
const STEPS: usize = 5_000;

/// Where a search gives up and says so: a few seconds.
const LIMIT: usize = 1_000_000;

/// What is run under each schedule.
pub(crate) type Program = Arc<dyn Fn() + Send + Sync>;

/// What came of a search.
pub(crate) struct Searched {
    pub schedules: usize,
    pub cut_off: bool,
    /// The first schedule that went wrong.
    pub wrong: Option<(What, Trace)>,
}

/// Runs `program` under every schedule with at most `preemptions`.
///
/// Of the schedules that go wrong, one with as few preemptions as there can
/// be is returned: the easiest to follow.
pub(crate) fn search(
    preemptions: usize,
    program: &Program,
) -> (usize, Searched) {
    let searched = search_with(preemptions, Arc::clone(program));
    if searched.wrong.is_some() {
        for fewer in 0..preemptions {
            let simpler = search_with(fewer, Arc::clone(program));
            if simpler.wrong.is_some() {
                return (fewer, simpler);
            }
        }
    }
    (preemptions, searched)
}

fn search_with(preemptions: usize, program: Program) -> Searched {
    let scheduler = Shared::new(Bounded::new(preemptions, LIMIT));
    let max_steps = MaxSteps::FailAfter(STEPS);
    let failure = run(scheduler.clone(), max_steps, move || {
        trace::begin(None);
        finding::take();
        program();
        // A claim that failed in a thread whose panics are caught.
        assert!(!finding::is_wrong(), "a claim does not hold");
    });
    let wrong = failure.map(|text| match what(text) {
        What::Deadlock => (What::Deadlock, trace::deadlock()),
        what => (what, trace::current()),
    });
    let bounded = scheduler.get();
    Searched {
        schedules: bounded.schedules(),
        cut_off: wrong.is_none() && bounded.is_cut_off(),
        wrong,
    }
}

/// Says what ended a schedule; `text` is what shuttle says.
fn what(text: String) -> What {
    let noticed = finding::take();
    match (noticed.wrong, noticed.panicked) {
        (Some((expected, actual)), _) => What::Wrong { expected, actual },
        _ if text.starts_with("deadlock!") => What::Deadlock,
        _ if text.starts_with("exceeded max_steps") => What::Endless(STEPS),
        (None, Some((message, at))) => What::Panicked(message, at),
        (None, None) => What::Panicked(text, None),
    }
}
