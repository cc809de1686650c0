//! Recordings: what is explored, and which of its histories are shown.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::process::ExitCode;

use artifacts::schedules::{
    Change, History, Op, Outcome, Program, Recording, Step, Stuck, VERSION,
    source_of,
};

use crate::trace::Trace;
use crate::{futures, threads};

/// More schedules than any recorded program has. One that needs more is cut
/// off, and the recording says so.
const LIMIT: usize = 300_000;

/// So many histories are all shown; of more, of each outcome the shortest of
/// some kinds: in others of a kind the threads do the same in another order.
const ALL: usize = 12;

/// Names, in the order in which what they name is made.
pub type Names = &'static [&'static str];

/// A section that is run under all schedules.
pub struct Case {
    /// What the command calls it.
    pub slug: &'static str,
    /// Its source file, from the workspace's root.
    pub file: &'static str,
    /// The file's text.
    pub text: &'static str,
    /// The names of its threads or futures.
    pub threads: Names,
    /// The versions that are compared.
    pub programs: &'static [Version],
    /// How many kinds of histories are shown of each outcome, if not all are:
    /// a page has to stay light.
    pub kinds: usize,
}

/// One version of a program.
pub struct Version {
    /// What tells it from the others.
    pub name: &'static str,
    /// The names of what is shared.
    pub shared: Names,
    /// The program: what runs, and how it ended.
    pub run: Run,
}

/// A program, and which schedules it has.
#[derive(Clone, Copy)]
pub enum Run {
    /// Threads, one of which is next at each use of a primitive.
    Threads(fn() -> Ended),
    /// Futures, one of which is polled next.
    Futures(fn() -> Ended),
}

/// How a schedule ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ended {
    /// What goes wrong comes first.
    is_right: bool,
    text: String,
}

impl Ended {
    /// Ends as it should.
    pub fn right(text: impl Into<String>) -> Ended {
        Ended::new(false, text)
    }

    /// Ends with a fault.
    pub fn wrong(text: impl Into<String>) -> Ended {
        Ended::new(true, text)
    }

    /// Ends, with a fault or without.
    pub fn new(wrong: bool, text: impl Into<String>) -> Ended {
        Ended {
            is_right: !wrong,
            text: text.into(),
        }
    }
}

/// What came of all schedules of a program.
#[derive(Default)]
pub struct Explored {
    /// How many schedules were begun.
    pub(crate) begun: usize,
    /// There were more than that.
    pub(crate) cut_off: bool,
    histories: BTreeMap<Vec<Step>, Common>,
}

/// What all schedules with the same steps have in common.
struct Common {
    schedules: usize,
    ended: Ended,
    start: Vec<Change>,
    stuck: Vec<Stuck>,
}

impl Explored {
    /// Adds a schedule that has ended.
    pub(crate) fn add(&mut self, trace: Trace, ended: Ended) {
        let steps = trace.steps.into_iter().map(|step| Step {
            thread: step.thread,
            line: step.at.map_or(0, |at| at.line()),
            op: step.op,
            changes: step.changes,
        });
        let stuck = trace.waits.into_iter().map(|(thread, wait)| Stuck {
            thread,
            line: wait.at.line(),
            want: wait.want,
            holder: wait.holder.map(|(holder, _)| holder),
        });
        let common = self.histories.entry(steps.collect());
        let common = common.or_insert_with(|| Common {
            schedules: 0,
            ended,
            start: trace.start,
            stuck: stuck.collect(),
        });
        common.schedules += 1;
    }

    /// Counts the outcomes, and chooses the histories to be shown.
    fn program(self, version: &Version, most: usize) -> Program {
        let histories = self.histories.values();
        let mut outcomes = BTreeMap::<Ended, (usize, usize)>::new();
        for common in histories.clone() {
            let counted = outcomes.entry(common.ended.clone()).or_default();
            counted.0 += common.schedules;
            counted.1 += 1;
        }
        let number: BTreeMap<&Ended, usize> = outcomes
            .keys()
            .enumerate()
            .map(|(i, end)| (end, i))
            .collect();
        let (schedules, histories, wrong) = (
            self.begun,
            self.histories.len(),
            histories.filter(|common| !common.ended.is_right).count(),
        );
        let mut shown: Vec<_> = self.histories.into_iter().collect();
        // The shortest first, and of these those that switch least.
        shown.sort_by_key(|(steps, common)| {
            (number[&common.ended], steps.len(), switches(steps))
        });
        if shown.len() > ALL {
            let mut kinds = BTreeMap::<usize, BTreeSet<_>>::new();
            shown.retain(|(steps, common)| {
                let of_it = kinds.entry(number[&common.ended]).or_default();
                of_it.len() < most && of_it.insert(kind(steps))
            });
        }
        let shown = shown.into_iter().map(|(steps, common)| History {
            outcome: number[&common.ended],
            schedules: common.schedules,
            start: common.start,
            steps,
            stuck: common.stuck,
        });
        let shown = shown.collect();
        let outcomes = outcomes.into_iter();
        let outcomes =
            outcomes.map(|(ended, (schedules, histories))| Outcome {
                text: ended.text,
                wrong: !ended.is_right,
                schedules,
                histories,
            });
        Program {
            name: version.name.to_string(),
            shared: strings(version.shared),
            schedules,
            histories,
            wrong,
            cut_off: self.cut_off,
            outcomes: outcomes.collect(),
            shown,
        }
    }
}

/// What each thread does, whichever it is and whenever.
fn kind(steps: &[Step]) -> Vec<Vec<Op>> {
    let mut deeds = BTreeMap::<usize, Vec<Op>>::new();
    for Step { thread, op, .. } in steps {
        deeds.entry(*thread).or_default().push(op.clone());
    }
    let mut kind: Vec<_> = deeds.into_values().collect();
    kind.sort_unstable();
    kind
}

fn switches(steps: &[Step]) -> usize {
    let switch = |two: &&[Step]| two[0].thread != two[1].thread;
    steps.windows(2).filter(switch).count()
}

fn strings(names: Names) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

impl Case {
    /// Runs all programs under all schedules.
    pub fn record(&self) -> Recording {
        let programs = self.programs.iter().map(|version| {
            let named = version.shared.len();
            let explored = match version.run {
                Run::Threads(run) => threads::explore(named, run, LIMIT),
                Run::Futures(run) => futures::explore(named, run),
            };
            explored.program(version, self.kinds)
        });
        Recording {
            version: VERSION,
            file: self.file.to_string(),
            source: source_of(self.text),
            threads: strings(self.threads),
            programs: programs.collect(),
        }
    }
}

/// Prints the recording of the section that the command line names.
pub fn main(cases: &[Case]) -> ExitCode {
    let asked: Vec<String> = env::args().skip(1).collect();
    let Some(case) = cases.iter().find(|case| asked == [case.slug]) else {
        let known: Vec<&str> = cases.iter().map(|case| case.slug).collect();
        eprintln!("error: name one of {}", known.join(", "));
        return ExitCode::from(2);
    };
    print!("{}", case.record().text());
    ExitCode::SUCCESS
}
