//! What the threads of the current schedule have done, and what they wait for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A line of code, of the reader's file or of the check.
pub(crate) type At = Option<&'static Location<'static>>;

/// One thing that a thread has done.
#[derive(Clone)]
pub(crate) struct Step {
    pub task: usize,
    /// A task's name; threads have theirs in the record.
    pub who: Option<Cow<'static, str>>,
    /// On the virtual clock, if the case has one.
    pub when: Option<Duration>,
    pub what: Cow<'static, str>,
    pub at: At,
}

/// What a thread cannot go on without.
#[derive(Clone)]
pub(crate) struct Wait {
    pub what: Cow<'static, str>,
    pub at: At,
    /// The address of the lock that it waits for.
    pub lock: Option<usize>,
}

/// The current schedule.
#[derive(Clone, Default)]
pub(crate) struct Record {
    pub steps: Vec<Step>,
    pub names: BTreeMap<usize, String>,
    pub waits: BTreeMap<usize, Wait>,
    /// When the virtual clock began.
    pub began: Option<Instant>,
    /// Who holds the lock at an address, and since which line.
    pub held: BTreeMap<usize, (usize, At)>,
}

static RECORD: Mutex<Option<Record>> = Mutex::new(None);

/// Returns the record: one at a time is checked in a process.
fn record() -> MutexGuard<'static, Option<Record>> {
    RECORD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets the schedule before.
pub(crate) fn clear() {
    *record() = Some(Record::default());
}

/// Returns the record so far, also for who looks on from outside.
pub(crate) fn current() -> Record {
    record().clone().unwrap_or_default()
}

/// Notes what the current thread has done, in the words of the check.
///
/// What the reader's file does with locks and atomics is noted by itself.
pub fn step(what: impl Into<Cow<'static, str>>) {
    note(what, None);
}

/// Notes what `who`, a task or a client of the check, has done.
///
/// On a virtual clock the moment is noted, too.
pub fn tell(
    who: impl Into<Cow<'static, str>>,
    what: impl Into<Cow<'static, str>>,
) {
    push(Some(who.into()), what.into(), None);
}

pub(crate) fn note(what: impl Into<Cow<'static, str>>, at: At) {
    push(None, what.into(), at);
}

fn push(who: Option<Cow<'static, str>>, what: Cow<'static, str>, at: At) {
    let task = me();
    if let Some(record) = record().as_mut() {
        let when = record.began.map(|began| began.elapsed());
        record.steps.push(Step {
            task,
            who,
            when,
            what,
            at,
        });
    }
}

/// Notes that a virtual clock begins now.
pub(crate) fn begin_clock() {
    if let Some(record) = record().as_mut() {
        record.began = Some(Instant::now());
    }
}

/// Gives the current thread a name.
pub(crate) fn name(name: String) {
    let task = me();
    if let Some(record) = record().as_mut() {
        record.names.insert(task, name);
    }
}

/// Does what may have to wait; while it does, `what` says for what.
pub(crate) fn waiting<T>(
    what: &'static str,
    at: At,
    lock: Option<usize>,
    wait: impl FnOnce() -> T,
) -> T {
    let task = me();
    let what = Cow::Borrowed(what);
    if let Some(record) = record().as_mut() {
        record.waits.insert(task, Wait { what, at, lock });
    }
    let done = wait();
    if let Some(record) = record().as_mut() {
        record.waits.remove(&task);
    }
    done
}

/// Notes who holds a lock.
pub(crate) fn hold(lock: usize, at: At) {
    let task = me();
    if let Some(record) = record().as_mut() {
        record.held.insert(lock, (task, at));
    }
}

/// Notes that nobody holds it.
pub(crate) fn release(lock: usize) {
    if let Some(record) = record().as_mut() {
        record.held.remove(&lock);
    }
}

/// The current thread's number; 0 also outside of all schedules.
fn me() -> usize {
    shuttle::current::try_get_current_task().map_or(0, usize::from)
}
