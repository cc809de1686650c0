//! Runs a program under every schedule, until one goes wrong.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use crate::finding::{self, What};
use crate::record::{self, Record};
use crate::scheduler::Bounded;

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
    pub wrong: Option<(What, Record)>,
}

/// Runs `program` under every schedule with at most `preemptions`.
///
/// Of the schedules that go wrong, one with as few preemptions as there can
/// be is returned: the easiest to follow.
pub(crate) fn explore(
    preemptions: usize,
    program: &Program,
) -> (usize, Searched) {
    let searched = search(preemptions, Arc::clone(program));
    if searched.wrong.is_some() {
        for fewer in 0..preemptions {
            let simpler = search(fewer, Arc::clone(program));
            if simpler.wrong.is_some() {
                return (fewer, simpler);
            }
        }
    }
    (preemptions, searched)
}

fn search(preemptions: usize, program: Program) -> Searched {
    let mut config = Config::new();
    // It would hold the schedule in shuttle's own language.
    config.failure_persistence = FailurePersistence::None;
    config.max_steps = MaxSteps::FailAfter(STEPS);
    // A panic's message is made on the thread's own stack.
    config.stack_size = 0x2_0000;
    let scheduler = Bounded::new(preemptions, LIMIT);
    let runner = Runner::new(scheduler.clone(), config);
    let run = move || {
        record::clear();
        finding::take();
        program();
        // A claim that failed in a thread whose panics are caught.
        assert!(!finding::is_wrong(), "a claim does not hold");
    };
    let ran = panic::catch_unwind(AssertUnwindSafe(|| runner.run(run)));
    let schedules = scheduler.schedules();
    let wrong = ran.err().map(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        (what(text.unwrap_or_default()), record::current())
    });
    Searched {
        schedules,
        cut_off: wrong.is_none() && scheduler.is_cut_off(),
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
