//! What a check has found, in the reader's terms.

use std::fmt::{self, Debug, Display, Write};
use std::fs;
use std::panic::{self, Location};
use std::sync::{Mutex, MutexGuard, PoisonError};

use artifacts::schedules::{Names, Op, Want};
use explore::trace::{self, At, Step, Trace};

/// Of longer schedules the last steps are shown.
const STEPS: usize = 60;

/// Of one that does not end, fewer: they repeat themselves.
const ROUNDS: usize = 12;

/// What went wrong.
pub(crate) enum What {
    /// A claim does not hold.
    Wrong {
        expected: String,
        actual: String,
    },
    /// Every thread waits for another one.
    Deadlock,
    /// The threads go on and on.
    Endless(usize),
    Panicked(String, Option<String>),
    /// A future is not ready, and nothing will wake it.
    NotWoken(String),
    /// A busy future: it wakes itself.
    Polled(usize),
    /// The time limit cut it off.
    Hangs(u64),
}

/// What went wrong, where, and which hint is about it.
pub(crate) struct Finding {
    pub claim: &'static str,
    pub hint: usize,
    pub what: What,
    /// How it came to that: a schedule, a round, a time.
    pub how: String,
    pub trace: Trace,
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "not so: {}\n", self.claim)?;
        match &self.what {
            What::Wrong { expected, actual } => {
                writeln!(f, "  expected  {expected}")?;
                writeln!(f, "  actual    {actual}")?;
            }
            What::Deadlock => {
                writeln!(f, "  a deadlock: no thread can go on")?;
            }
            What::Endless(steps) => writeln!(
                f,
                "  no end after {steps} steps: a thread looks again and \
                 again instead of sleeping"
            )?,
            What::Panicked(message, at) => {
                let unfinished = message.starts_with("not yet implemented");
                let what = match unfinished {
                    true => "not written yet",
                    false => "a panic",
                };
                writeln!(f, "  {what}: {message}")?;
                if let Some(at) = at {
                    writeln!(f, "  at {at}")?;
                }
            }
            What::NotWoken(what) => writeln!(f, "  {what}")?,
            What::Polled(times) => writeln!(
                f,
                "  polled {times} times and not ready: a future that wakes \
                 itself is a busy loop"
            )?,
            What::Hangs(limit) => writeln!(
                f,
                "  cut off after {limit} seconds: a loop without an end, or a \
                 lock of `std::sync` where `exercise_harness::sync` was meant"
            )?,
        }
        if !self.how.is_empty() {
            writeln!(f, "\n{}", self.how)?;
        }
        let most = match self.what {
            What::Endless(_) | What::Hangs(_) => ROUNDS,
            _ => STEPS,
        };
        let names = names(&self.trace);
        let names = Names {
            threads: &names,
            shared: &[],
        };
        f.write_str(&steps(&self.trace, names, most))?;
        f.write_str(&waits(&self.trace, names))
    }
}

/// The threads' names, as far as any has one.
fn names(trace: &Trace) -> Vec<String> {
    let unnamed = Names {
        threads: &[],
        shared: &[],
    };
    let many = trace.names.keys().next_back().map_or(0, |last| last + 1);
    let name = |thread| match trace.names.get(&thread) {
        Some(name) => name.clone(),
        None => unnamed.thread(thread),
    };
    (0..many).map(name).collect()
}

/// The schedule: a line a step, with the line of code that took it.
fn steps(trace: &Trace, names: Names, most: usize) -> String {
    let mut text = String::new();
    let skipped = trace.steps.len().saturating_sub(most);
    if skipped > 0 {
        writeln!(text, "  … {skipped} steps").ok();
    }
    // Where a lock is given back has no line of its own: the guard ends with
    // its scope.
    let at =
        |step: &Step| step.at.filter(|_| !matches!(step.op, Op::Unlock(_)));
    let who = |step: &Step| match &step.who {
        Some(who) => who.to_string(),
        None => names.thread(step.thread),
    };
    let shown = trace.steps.iter().enumerate().skip(skipped);
    let shown: Vec<_> = shown
        .map(|(i, step)| (i, step, who(step), step.op.words(names)))
        .collect();
    let wide = shown.iter().map(|(_, _, who, _)| who.chars().count()).max();
    let wide = wide.unwrap_or_default();
    let whats = shown.iter().filter(|(_, step, ..)| at(step).is_some());
    let what_wide = whats.map(|(.., what)| what.chars().count()).max();
    let what_wide = what_wide.unwrap_or_default();
    for (i, step, who, what) in shown {
        let when = step.when.map_or(String::new(), |when| {
            format!("{:>8.3} s  ", when.as_secs_f64())
        });
        let line =
            format!("{:>4}  {when}{who:wide$}  {what:what_wide$}", i + 1);
        let code = at(step).map_or(String::new(), code);
        // Writing to a String does not fail.
        writeln!(text, "{}", format!("{line}  {code}").trim_end()).ok();
    }
    text
}

/// For whom or what each thread waits.
fn waits(trace: &Trace, names: Names) -> String {
    let mut text = String::new();
    for (thread, wait) in &trace.waits {
        if text.is_empty() {
            text += "in the end\n";
        }
        let who = names.thread(*thread);
        let held = match (wait.want, wait.holder) {
            (Want::Lock(_), Some((holder, since))) => {
                let line = since.map_or(String::new(), |at| {
                    format!(" since line {}", at.line())
                });
                format!(", which {} holds{line}", names.thread(holder))
            }
            _ => String::new(),
        };
        let want = wait.want.words(names);
        let code = code(wait.at);
        let line = format!("      {who} waits for {want}{held}  {code}");
        writeln!(text, "{}", line.trim_end()).ok();
    }
    text
}

/// Number and text of a line of code; nothing for a line of the check.
fn code(at: At) -> String {
    if at.file().ends_with("check.rs") {
        return String::new();
    }
    let text = fs::read_to_string(at.file()).unwrap_or_default();
    let line = at.line() as usize;
    let code = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    format!("{line}: {}", code.trim())
}

/// Expected and actual, of the claim that did not hold; and the first panic.
#[derive(Default)]
pub(crate) struct Noticed {
    pub wrong: Option<(String, String)>,
    pub panicked: Option<(String, Option<String>)>,
}

static NOTICED: Mutex<Noticed> = Mutex::new(Noticed {
    wrong: None,
    panicked: None,
});

fn noticed() -> MutexGuard<'static, Noticed> {
    NOTICED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes what was noticed since the last time.
pub(crate) fn take() -> Noticed {
    std::mem::take(&mut noticed())
}

/// Says whether a claim did not hold.
pub(crate) fn is_wrong() -> bool {
    noticed().wrong.is_some()
}

/// Keeps panics instead of printing them: there may be thousands, on purpose.
pub(crate) fn keep_panics() {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("without a message");
        let at = info.location().map(place);
        noticed().panicked = Some((message.to_string(), at));
    }));
}

fn place(at: &Location) -> String {
    let file = std::path::Path::new(at.file());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    format!("line {} of {name}", at.line())
}

/// Ends the case if `actual` is not what it has to be; `what` says what it is.
///
/// # Panics
///
/// That is how the case ends.
#[track_caller]
pub fn expect<T: Debug + PartialEq<U>, U: Debug>(
    what: &str,
    expected: U,
    actual: T,
) {
    if actual != expected {
        wrong(format!("{what} {expected:?}"), format!("{what} {actual:?}"));
    }
}

/// Ends the case: what should have happened, and what did.
///
/// # Panics
///
/// That is how the case ends.
#[track_caller]
pub fn wrong(expected: impl Display, actual: impl Display) -> ! {
    let pair = (expected.to_string(), actual.to_string());
    noticed().wrong.get_or_insert(pair);
    trace::end();
    panic!("a claim does not hold");
}
