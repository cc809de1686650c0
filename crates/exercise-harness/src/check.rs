//! A check: claims, and programs that would show them false.

use std::fmt::Write;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use explore::trace::{self, Trace};
use fastrand::Rng;
use tokio::time::{Instant, timeout};

use crate::finding::{self, Finding, What, wrong};
use crate::program::watch;
use crate::search::{Program, search};

/// What is longer than any timer of an exercise, on a clock that jumps.
const AN_HOUR: Duration = Duration::from_secs(3600);

/// A future that waits is polled a few times, not so often.
const POLLS: usize = 10_000;

/// The cases of a check, up to the first claim that does not hold.
///
/// A check runs 200 times when it is proven, so the whole of it takes 10 ms or
/// less. It never sleeps and reads no clock that goes by itself: a right answer
/// always passes. What a case starts it also joins.
#[derive(Default)]
pub struct Check {
    pub(crate) found: Option<Finding>,
    /// What was looked at, for the reader: a line a case.
    pub(crate) seen: String,
}

/// One claim. The hint is the one to read if it does not hold.
pub struct Case<'a> {
    check: &'a mut Check,
    claim: &'static str,
    hint: usize,
}

impl Check {
    /// Begins a case: a claim about the solution, and the number of the hint
    /// for a reader whose solution fails it.
    pub fn case(&mut self, claim: &'static str, hint: usize) -> Case<'_> {
        Case {
            check: self,
            claim,
            hint,
        }
    }
}

impl Case<'_> {
    /// Runs a program of threads under every schedule with at most so many
    /// preemptions; two find most faults.
    ///
    /// A deadlock and a loop without an end are found, too. The program makes
    /// its threads with [`crate::thread`]; it is run thousands of times, so it
    /// has two or three threads that do two or three things.
    pub fn schedules(
        self,
        preemptions: usize,
        program: impl Fn() + Send + Sync + 'static,
    ) {
        self.search(Some(preemptions), Arc::new(program));
    }

    fn search(self, preemptions: Option<usize>, program: Program) {
        if !self.begins() {
            return;
        }
        let (bound, searched) = search(preemptions.unwrap_or(0), &program);
        let most = match bound {
            0 => "without a preemption".to_string(),
            1 => "with at most 1 preemption".to_string(),
            _ => format!("with at most {bound} preemptions"),
        };
        let schedules = searched.schedules;
        match searched.wrong {
            Some((what, trace)) => {
                let how = format!("schedule {schedules} of those {most}:");
                self.fails(what, how, trace);
            }
            None if searched.cut_off => {
                self.holds(&format!("{schedules} schedules, and no more"));
            }
            None if preemptions.is_none() => self.holds("one schedule"),
            None if schedules == 1 => {
                self.holds(&format!("the one schedule {most}"));
            }
            None => self.holds(&format!("all {schedules} schedules {most}")),
        }
    }

    /// Runs a program under the scheduler that has one thread, and so one
    /// schedule.
    pub fn alone(self, program: impl Fn() + Send + Sync + 'static) {
        self.search(None, Arc::new(program));
    }

    /// Runs a program whose threads all come to wait, for ever: asleep, as
    /// they should be, and not in a loop that looks again and again.
    pub fn waits(self, program: impl Fn() + Send + Sync + 'static) {
        if !self.begins() {
            return;
        }
        let program: Program = Arc::new(move || {
            program();
            wrong("waits, for ever", "comes back");
        });
        let (_, searched) = search(0, &program);
        match searched.wrong {
            Some((What::Deadlock, _)) => self.holds("all are asleep"),
            None => unreachable!("the program comes back, or it waits"),
            Some((what, trace)) => {
                self.fails(what, "the schedule:".to_string(), trace);
            }
        }
    }

    /// Runs a future on a clock that jumps to the next timer when every task
    /// waits.
    ///
    /// It has an hour of that clock: what is not ready then will never be.
    pub fn virtual_time<F: Future<Output = ()>>(
        self,
        program: impl FnOnce() -> F,
    ) {
        if !self.begins() {
            return;
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(err) => {
                let what = What::Panicked(err.to_string(), None);
                return self.fails(what, String::new(), Default::default());
            }
        };
        trace::begin(None);
        finding::take();
        let mut waited = None;
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                let start = Instant::now();
                trace::begin_clock(move || start.elapsed());
                let polled = Polled::new(program());
                match timeout(AN_HOUR, polled).await {
                    Ok(true) => {}
                    Ok(false) => waited = Some(What::Polled(POLLS)),
                    Err(_) => {
                        let what = "still waiting after an hour of virtual \
                                    time: nothing wakes it";
                        waited = Some(What::NotWoken(what.to_string()));
                    }
                }
                start.elapsed()
            })
        }));
        self.ends(waited, outcome, "on the virtual clock", |took| {
            format!("{took:?} of virtual time")
        });
    }

    /// Runs a program for each of `rounds` random cases, small ones first.
    ///
    /// The cases are the same in every run: the round is the seed.
    pub fn rounds(self, rounds: u64, program: impl Fn(&mut Rng, usize)) {
        if !self.begins() {
            return;
        }
        for round in 0..rounds {
            trace::begin(None);
            finding::take();
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
                program(&mut Rng::with_seed(round), round as usize);
            }));
            if outcome.is_err() || finding::is_wrong() {
                let how = format!("round {round}, whose seed is {round}");
                return self.ends(None, outcome, &how, |()| String::new());
            }
        }
        self.holds(&format!("{rounds} random cases"));
    }

    /// Runs a program that comes out the same each time.
    pub fn once(self, program: impl FnOnce()) {
        if !self.begins() {
            return;
        }
        trace::begin(None);
        finding::take();
        let outcome = panic::catch_unwind(AssertUnwindSafe(program));
        self.ends(None, outcome, "", |()| "one run".to_string());
    }

    /// Says whether the case is to be run: what fails first is told alone.
    fn begins(&self) -> bool {
        watch(self.claim, self.hint);
        self.check.found.is_none()
    }

    fn ends<T>(
        self,
        waited: Option<What>,
        outcome: std::thread::Result<T>,
        how: &str,
        seen: impl FnOnce(T) -> String,
    ) {
        let noticed = finding::take();
        let what = match (noticed.wrong, waited, outcome) {
            (Some((expected, actual)), ..) => What::Wrong { expected, actual },
            (None, Some(what), _) => what,
            (None, None, Ok(value)) => return self.holds(&seen(value)),
            (None, None, Err(_)) => {
                let (message, at) = noticed.panicked.unwrap_or_default();
                What::Panicked(message, at)
            }
        };
        self.fails(what, how.to_string(), trace::current());
    }

    fn holds(self, seen: &str) {
        // Writing to a String does not fail.
        writeln!(self.check.seen, "  {} ({seen})", self.claim).ok();
    }

    fn fails(self, what: What, how: String, trace: Trace) {
        let how = match trace.steps.is_empty() {
            true => String::new(),
            false => how,
        };
        self.check.found = Some(Finding {
            claim: self.claim,
            hint: self.hint,
            what,
            how,
            trace,
        });
    }
}

/// Polls a future, but not for ever; says whether it became ready.
struct Polled<F> {
    future: std::pin::Pin<Box<F>>,
    polls: usize,
}

impl<F: Future<Output = ()>> Polled<F> {
    fn new(future: F) -> Polled<F> {
        Polled {
            future: Box::pin(future),
            polls: 0,
        }
    }
}

impl<F: Future<Output = ()>> Future for Polled<F> {
    type Output = bool;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<bool> {
        self.polls += 1;
        if self.polls > POLLS {
            return std::task::Poll::Ready(false);
        }
        self.future.as_mut().poll(cx).map(|()| true)
    }
}
