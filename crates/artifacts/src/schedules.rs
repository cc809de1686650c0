//! `recorded/schedules.json`: what the threads or futures of a section did, in
//! every order that there is.
//!
//! The section's `schedules.rs` says which programs run; `crates/explore` runs
//! them and writes a [`Recording`]; the book lets a reader step through it.

use anyhow::{Context, Result, anyhow, bail};
use serde::{Deserialize, Serialize};

use crate::source_hash::fnv;

/// What [`Recording::version`] is in files that can be read.
pub const VERSION: u32 = 2;

/// `[schedules]` in `section.toml`: how the schedules are recorded. That each
/// run prints just these is the contract.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleContract {
    /// Prints the recording.
    pub command: String,
    /// What is guaranteed, for the page.
    pub note: String,
    /// After so many seconds the command is cut off.
    #[serde(default = "five_minutes")]
    pub timeout_secs: u64,
}

fn five_minutes() -> u64 {
    300
}

/// Some programs, each under all schedules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The format's [`VERSION`].
    pub version: u32,
    /// The source file that the lines are lines of, from the workspace's root.
    pub file: String,
    /// [`source_of`] its text at the time of the recording.
    pub source: String,
    /// The names of the threads or futures, which are numbers below.
    pub threads: Vec<String>,
    /// The versions that are compared.
    pub programs: Vec<Program>,
}

/// One program under all schedules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// What tells it from the other programs.
    pub name: String,
    /// The names of what the threads share, which are numbers below.
    pub shared: Vec<String>,
    /// How many schedules there are.
    pub schedules: usize,
    /// How many orders of steps there are: a scheduler also chooses when
    /// threads begin and end, so several schedules have the same steps.
    pub histories: usize,
    /// How many of the histories go wrong.
    pub wrong: usize,
    /// The search was ended before it had seen all schedules.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cut_off: bool,
    /// All ends, those first that are wrong.
    pub outcomes: Vec<Outcome>,
    /// The histories that are shown: all of them if they are few; else of each
    /// outcome the shortest of some kinds.
    pub shown: Vec<History>,
}

/// How schedules end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The end, in words.
    pub text: String,
    /// Says whether this is a fault.
    #[serde(default, skip_serializing_if = "is_false")]
    pub wrong: bool,
    /// How many schedules end so; that is no chance.
    pub schedules: usize,
    /// How many histories do.
    pub histories: usize,
}

/// One order of all steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// How it ends: a number in [`Program::outcomes`].
    pub outcome: usize,
    /// How many schedules have these steps.
    pub schedules: usize,
    /// What is shared, before the first step.
    pub start: Vec<Change>,
    /// The steps, one after the other.
    pub steps: Vec<Step>,
    /// The threads that cannot go on in the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stuck: Vec<Stuck>,
}

/// One step of one thread.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Whose step it is.
    pub thread: usize,
    /// Its line in the source file, or for an unlock the line that locked; 0
    /// if it has none.
    pub line: u32,
    /// What is done.
    pub op: Op,
    /// What it changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// What one of the shared things is from now on.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which one: a number in [`Program::shared`].
    pub object: usize,
    /// What it is.
    pub now: State,
}

/// What a shared thing can be.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A value, also that behind a free lock.
    Is(String),
    /// A lock that this thread holds.
    LockedBy(usize),
    /// A condition variable.
    Asleep {
        /// The threads that sleep there.
        threads: Vec<usize>,
        /// How many of them are notified, and have not gone on yet.
        notified: usize,
    },
}

/// What a thread can do in a step. Numbers name threads and shared things.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// Loads this value from an atomic.
    Load(String),
    /// Stores this value in an atomic.
    Store(String),
    /// `fetch_add`: adds the first to the second.
    Add(String, String),
    /// `fetch_sub`: takes the first from the second.
    Subtract(String, String),
    /// Finds the first in an atomic, and puts the second there.
    Swap(String, String),
    /// `compare_exchange` that finds the first, and not the second.
    Mismatch(String, String),
    /// Reads this value from a cell.
    Read(String),
    /// Writes this value to a cell.
    Write(String),
    /// Takes a lock.
    Lock(usize),
    /// Takes a lock whose last holder panicked.
    LockPoisoned(usize),
    /// `try_lock` of a lock that is held.
    TryLockFails(usize),
    /// Gives a lock back.
    Unlock(usize),
    /// Takes a lock for reading.
    ReadLock,
    /// Gives it back.
    ReadUnlock,
    /// Takes a lock for writing.
    WriteLock,
    /// Gives it back.
    WriteUnlock,
    /// Gives a lock back and sleeps at a condition variable.
    Sleep {
        /// The lock.
        lock: usize,
        /// The condition variable.
        condvar: usize,
    },
    /// Has been notified, and has the lock again.
    Wake {
        /// The lock.
        lock: usize,
        /// The condition variable.
        condvar: usize,
    },
    /// `notify_one` or `notify_all`.
    Notify {
        /// The condition variable.
        condvar: usize,
        /// Everybody is meant.
        all: bool,
        /// Somebody slept there, and was not notified yet.
        heard: bool,
    },
    /// Starts a thread.
    Spawn,
    /// Sees that a thread has ended.
    Join(usize),
    /// Sleeps until it is unparked.
    Park,
    /// Gives way to others.
    Yield,
    /// A deed that no lock and no atomic sees, in the program's words.
    Says(String),
}

/// A thread that cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stuck {
    /// Which one.
    pub thread: usize,
    /// Its line in the source file.
    pub line: u32,
    /// What it needs.
    pub want: Want,
    /// The thread in whose hands that is, if it is in any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<usize>,
}

/// What a thread may wait for. Numbers name threads and shared things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Want {
    /// A lock.
    Lock(usize),
    /// A lock, to read.
    ReadLock,
    /// A lock, to write.
    WriteLock,
    /// A notification at a condition variable.
    Notification(usize),
    /// The end of a thread.
    End(usize),
    /// To be unparked.
    Unpark,
}

/// The names that words are made with. A number without a name is a lock or a
/// thread that nobody has named.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// Those of the threads.
    pub threads: &'a [String],
    /// Those of what they share.
    pub shared: &'a [String],
}

impl Names<'_> {
    /// Names a thread.
    pub fn thread(&self, number: usize) -> String {
        match self.threads.get(number) {
            Some(name) => name.clone(),
            None if number == 0 => "main".to_string(),
            None => format!("thread {number}"),
        }
    }

    /// Names a shared thing, or calls it something.
    pub fn shared<'a>(&'a self, number: usize, else_: &'a str) -> &'a str {
        self.shared.get(number).map_or(else_, String::as_str)
    }
}

impl Op {
    /// Says what the thread does: `locks account 1`.
    pub fn words(&self, names: Names) -> String {
        // Behind a verb that can stand alone.
        let behind = |number: &usize, before: &str| {
            let name = names.shared.get(*number);
            name.map_or(String::new(), |name| format!("{before}{name}"))
        };
        match self {
            Op::Load(value) => format!("loads {value}"),
            Op::Store(value) => format!("stores {value}"),
            Op::Add(n, to) => format!("adds {n} to {to}"),
            Op::Subtract(n, from) => format!("takes {n} from {from}"),
            Op::Swap(was, new) => format!("swaps {was} for {new}"),
            Op::Mismatch(seen, not) => format!("finds {seen}, not {not}"),
            Op::Read(value) => format!("reads {value}"),
            Op::Write(value) => format!("writes {value}"),
            Op::Lock(lock) => format!("locks{}", behind(lock, " ")),
            Op::LockPoisoned(lock) => {
                format!("locks{}, and it is poisoned", behind(lock, " "))
            }
            Op::TryLockFails(lock) => {
                format!("finds {} locked", names.shared(*lock, "it"))
            }
            Op::Unlock(lock) => {
                format!("gives {} back", names.shared(*lock, "the lock"))
            }
            Op::ReadLock => "locks, to read".to_string(),
            Op::ReadUnlock => "has read".to_string(),
            Op::WriteLock => "locks, to write".to_string(),
            Op::WriteUnlock => "has written".to_string(),
            Op::Sleep { lock, .. } => {
                let lock = names.shared(*lock, "the lock");
                format!("gives {lock} back and sleeps")
            }
            Op::Wake { lock, .. } => {
                format!("wakes up and locks{}", behind(lock, " "))
            }
            Op::Notify {
                condvar,
                all,
                heard,
            } => match (heard, all) {
                (false, _) => {
                    let at = behind(condvar, " ");
                    format!("notifies{at}: nobody sleeps there")
                }
                (true, false) => {
                    format!("wakes one{}", behind(condvar, " at "))
                }
                (true, true) => format!("wakes all{}", behind(condvar, " at ")),
            },
            Op::Spawn => "starts a thread".to_string(),
            Op::Join(thread) => {
                format!("sees that {} has ended", names.thread(*thread))
            }
            Op::Park => "parks".to_string(),
            Op::Yield => "gives way".to_string(),
            Op::Says(text) => text.clone(),
        }
    }

    /// Returns the lock that the thread has after this step and not before it.
    pub fn takes(&self) -> Option<usize> {
        match self {
            Op::Lock(lock) | Op::LockPoisoned(lock) => Some(*lock),
            Op::Wake { lock, .. } => Some(*lock),
            _ => None,
        }
    }
}

impl Want {
    /// Says what is waited for: `account 1`, `the end of left`.
    pub fn words(&self, names: Names) -> String {
        match self {
            Want::Lock(lock) => names.shared(*lock, "a lock").to_string(),
            Want::ReadLock => "a lock, to read".to_string(),
            Want::WriteLock => "a lock, to write".to_string(),
            Want::Notification(condvar) => {
                names.shared(*condvar, "a notification").to_string()
            }
            Want::End(thread) => {
                format!("the end of {}", names.thread(*thread))
            }
            Want::Unpark => "somebody to unpark it".to_string(),
        }
    }
}

impl Change {
    /// Says what the thing is now: `account 1` and `locked by left`.
    pub fn words(&self, names: Names) -> (String, String) {
        let now = match &self.now {
            State::Is(value) => value.clone(),
            State::LockedBy(thread) => {
                format!("locked by {}", names.thread(*thread))
            }
            State::Asleep { threads, notified } => {
                let who = threads.iter().map(|t| names.thread(*t));
                let who = who.collect::<Vec<_>>().join(" and ");
                match notified {
                    _ if threads.is_empty() => "nobody sleeps".to_string(),
                    0 => format!("{who} asleep"),
                    n if *n == threads.len() => format!("{who} asleep, called"),
                    _ => format!("{who} asleep, one of them called"),
                }
            }
        };
        (names.shared(self.object, "it").to_string(), now)
    }
}

impl Recording {
    /// Reads a file's text.
    ///
    /// # Errors
    ///
    /// The line, from 1, and what is wrong with it (`3: …`): another version,
    /// no recording, a number without a name.
    pub fn parse(text: &str) -> Result<Recording> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let fault = |err: serde_json::Error| anyhow!("{}: {err}", err.line());
        let Version { version } = serde_json::from_str(text).map_err(fault)?;
        if version != VERSION {
            bail!("1: version {version} is not {VERSION}; record it again");
        }
        let recording: Recording = serde_json::from_str(text).map_err(fault)?;
        recording.check().context(1)?;
        Ok(recording)
    }

    /// Writes it as a file's text: JSON, a line for each step.
    pub fn text(&self) -> String {
        let text = serde_json::to_string(self);
        // Text and numbers only: nothing here can be no JSON.
        let mut text = text.unwrap_or_default();
        // No string holds these: a quotation mark within one has a `\` before.
        for first in ["name", "text", "outcome", "thread"] {
            let object = format!("{{\"{first}\":");
            text = text.replace(&object, &format!("\n{object}"));
        }
        text + "\n"
    }

    /// Says whether it was recorded of this text of its source file.
    pub fn is_of(&self, text: &str) -> bool {
        self.source == source_of(text)
    }

    fn check(&self) -> Result<()> {
        for program in &self.programs {
            let name = &program.name;
            if program.shown.is_empty() {
                bail!("program `{name}` has no history");
            }
            for (i, history) in program.shown.iter().enumerate() {
                let fits = self.fits(program, history);
                fits.with_context(|| format!("`{name}`, order {i}"))?;
            }
        }
        Ok(())
    }

    /// Checks that each number of a history is one of something.
    fn fits(&self, program: &Program, history: &History) -> Result<()> {
        let thread = |n: usize| {
            let there = n < self.threads.len();
            there
                .then_some(())
                .with_context(|| format!("there is no thread {n}"))
        };
        let object = |n: usize| {
            let there = n < program.shared.len();
            there
                .then_some(())
                .with_context(|| format!("nothing shared is {n}"))
        };
        if history.outcome >= program.outcomes.len() {
            bail!("there is no outcome {}", history.outcome);
        }
        let steps = history.steps.iter();
        let changes = steps.clone().flat_map(|step| &step.changes);
        for change in history.start.iter().chain(changes) {
            object(change.object)?;
            match &change.now {
                State::Is(_) => {}
                State::LockedBy(n) => thread(*n)?,
                State::Asleep { threads, .. } => {
                    threads.iter().try_for_each(|n| thread(*n))?;
                }
            }
        }
        for step in steps {
            thread(step.thread)?;
            match step.op {
                Op::Join(n) => thread(n)?,
                Op::Lock(n) | Op::LockPoisoned(n) => object(n)?,
                Op::TryLockFails(n) | Op::Unlock(n) => object(n)?,
                Op::Notify { condvar, .. } => object(condvar)?,
                Op::Sleep { lock, condvar } | Op::Wake { lock, condvar } => {
                    object(lock).and(object(condvar))?;
                }
                _ => {}
            }
        }
        for stuck in &history.stuck {
            thread(stuck.thread)?;
            stuck.holder.map_or(Ok(()), thread)?;
            match stuck.want {
                Want::Lock(n) | Want::Notification(n) => object(n)?,
                Want::End(n) => thread(n)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Tells two states of a source file apart; line ends do not count.
pub fn source_of(text: &str) -> String {
    format!("{:016x}", fnv(text.bytes().filter(|byte| *byte != b'\r')))
}

fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording() -> Recording {
        let change = |now| Change { object: 0, now };
        Recording {
            version: VERSION,
            file: "a.rs".into(),
            source: source_of("a"),
            threads: vec!["main".into(), "left".into()],
            programs: vec![Program {
                name: "one".into(),
                shared: vec!["items".into()],
                schedules: 1,
                histories: 1,
                wrong: 0,
                cut_off: false,
                outcomes: vec![Outcome {
                    text: "a \"{\"thread\":\" in it".into(),
                    wrong: false,
                    schedules: 1,
                    histories: 1,
                }],
                shown: vec![History {
                    outcome: 0,
                    schedules: 1,
                    start: vec![change(State::Is("0".into()))],
                    steps: vec![Step {
                        thread: 1,
                        line: 7,
                        op: Op::Lock(0),
                        changes: vec![change(State::LockedBy(1))],
                    }],
                    stuck: vec![Stuck {
                        thread: 0,
                        line: 8,
                        want: Want::Lock(0),
                        holder: Some(1),
                    }],
                }],
            }],
        }
    }

    #[test]
    fn written_recording_is_read_again_with_a_line_for_each_step() {
        let recording = recording();
        let text = recording.text();
        assert_eq!(Recording::parse(&text).unwrap(), recording);
        let starts = |line: &&str| line.starts_with("{\"thread\":");
        assert_eq!(text.lines().filter(starts).count(), 2, "{text}");
    }

    #[test]
    fn a_number_without_a_name_is_refused() {
        let refused = |change: fn(&mut History), what: &str| {
            let mut recording = recording();
            change(&mut recording.programs[0].shown[0]);
            let err = Recording::parse(&recording.text()).unwrap_err();
            assert!(format!("{err:#}").ends_with(what), "{err:?}");
        };
        refused(|h| h.steps[0].thread = 2, "there is no thread 2");
        refused(|h| h.steps[0].op = Op::Unlock(1), "nothing shared is 1");
        refused(|h| h.stuck[0].holder = Some(3), "there is no thread 3");
        refused(|h| h.outcome = 1, "there is no outcome 1");
    }

    #[test]
    fn another_version_is_refused_with_its_line() {
        let text = recording().text().replace("\"version\":2", "\"version\":1");
        let what = Recording::parse(&text).unwrap_err().to_string();
        assert!(what.starts_with("1: version 1 "), "{what}");
        assert!(what.contains("record it again"), "{what}");
    }

    #[test]
    fn words_use_the_names_that_there_are() {
        let strings = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| name.to_string()).collect()
        };
        let (threads, shared) = (strings(&["main"]), strings(&["items"]));
        let named = Names {
            threads: &threads,
            shared: &shared,
        };
        let op = Op::Sleep {
            lock: 0,
            condvar: 1,
        };
        assert_eq!(op.words(named), "gives items back and sleeps");
        assert_eq!(Op::Join(0).words(named), "sees that main has ended");
        assert_eq!(Op::Lock(3).words(named), "locks");
        assert_eq!(Want::Lock(3).words(named), "a lock");
        assert_eq!(Want::End(2).words(named), "the end of thread 2");
        let change = Change {
            object: 0,
            now: State::Asleep {
                threads: vec![0],
                notified: 1,
            },
        };
        assert_eq!(
            change.words(named),
            ("items".into(), "main asleep, called".into())
        );
    }
}
