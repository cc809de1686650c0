//! What the threads or futures of the running schedule do: who, at which line,
//! and what it does to what they share.
//!
//! One schedule runs at a time in a process, and there is one trace.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use artifacts::schedules::{Change, Op, State, Want};

/// A line of code.
pub type At = &'static Location<'static>;

/// One step of one thread.
#[derive(Clone, Debug)]
pub struct Step {
    /// Whose it is.
    pub thread: usize,
    /// A task's or client's name, where the program tells for it.
    pub who: Option<Cow<'static, str>>,
    /// On the program's clock, if it has one.
    pub when: Option<Duration>,
    /// The line that makes it; of an unlock, the line that locked.
    pub at: Option<At>,
    /// What is done.
    pub op: Op,
    /// What that changes of what has a name.
    pub changes: Vec<Change>,
}

/// What a thread cannot go on without.
#[derive(Clone, Debug)]
pub struct Wait {
    /// The line that waits.
    pub at: At,
    /// What it waits for.
    pub want: Want,
    /// The thread that has it, if one has, and since which line.
    pub holder: Option<(usize, Option<At>)>,
}

/// A schedule, up to now.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// What is shared and has a name, before the first step.
    pub start: Vec<Change>,
    /// All steps.
    pub steps: Vec<Step>,
    /// The threads that wait, and for what.
    pub waits: BTreeMap<usize, Wait>,
    /// The names that threads were given.
    pub names: BTreeMap<usize, String>,
}

/// What identifies a lock, a condition variable or an atomic, through all
/// schedules.
#[derive(Debug)]
pub struct Id(usize);

/// What is known of such a thing.
#[derive(Default)]
struct Object {
    value: String,
    holder: Option<(usize, At)>,
    asleep: Option<Vec<usize>>,
    notified: usize,
}

/// A thread that has called `wait`, and is asleep once it has given the lock
/// back: others may take steps before that.
struct AboutToWait {
    condvar: usize,
    lock: usize,
    /// The value in the lock.
    value: Option<String>,
    at: At,
}

struct Log {
    /// Only the first so many things have a name, and are traced; without
    /// this, all are.
    named: Option<usize>,
    /// The numbers of things in this schedule, by [`Id`].
    numbers: BTreeMap<usize, usize>,
    objects: Vec<Object>,
    about_to_wait: BTreeMap<usize, AboutToWait>,
    clock: Option<Box<dyn Fn() -> Duration + Send>>,
    /// The story has ended: what unwinding does is no part of it.
    over: bool,
    /// Whose turn it is, if these are no threads of shuttle's.
    turn: Option<usize>,
    trace: Trace,
}

static LOG: Mutex<Log> = Mutex::new(Log::new(None));

fn log() -> MutexGuard<'static, Log> {
    // Panics end a schedule and leave its trace as it is.
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins a schedule.
///
/// Of what is made in it, the first `named` get a name and are traced; without
/// a number everything is traced, and nothing has a name.
pub fn begin(named: Option<usize>) {
    *log() = Log::new(named);
}

/// Ends the story: what follows is not noted.
pub fn end() {
    log().over = true;
}

/// Notes that no thread can go on, and returns the schedule.
pub fn deadlock() -> Trace {
    let mut log = log();
    // The last one to run has found no thread to switch to.
    for thread in log.about_to_wait.keys().copied().collect::<Vec<_>>() {
        log.falls_asleep(thread);
    }
    log.current()
}

/// Returns the schedule so far, also to a thread outside of it.
pub fn current() -> Trace {
    log().current()
}

/// Notes a step of this thread that no primitive sees, in the program's words.
///
/// What a traced file does with locks and atomics is noted by itself.
pub fn step(what: impl Into<String>) {
    note(Op::Says(what.into()), None);
}

/// Notes a step of `who`, a task or a client of the program.
pub fn tell(who: impl Into<Cow<'static, str>>, what: impl Into<String>) {
    let (who, op) = (Some(who.into()), Op::Says(what.into()));
    log().step(who, None, op, Vec::new());
}

/// Gives this thread a name.
pub fn name(name: String) {
    let mut log = log();
    let me = log.me();
    log.trace.names.insert(me, name);
}

/// Begins a clock, of which each step is told the time from now on.
pub fn begin_clock(clock: impl Fn() -> Duration + Send + 'static) {
    log().clock = Some(Box::new(clock));
}

/// Says whose turn it is, where the threads of the program are futures.
pub fn turn(of: usize) {
    log().turn = Some(of);
}

/// Notes a step that changes nothing with a name.
pub(crate) fn note(op: Op, at: Option<At>) {
    log().step(None, at, op, Vec::new());
}

/// Notes that this thread is about to ask for something.
pub(crate) fn wants(want: Want, at: At) {
    log().wants(want, at);
}

/// Notes that this thread waits no longer, which is no step.
pub(crate) fn goes_on() {
    let mut log = log();
    let me = log.me();
    if !log.over {
        log.trace.waits.remove(&me);
    }
}

/// Notes that the scheduler looks for another thread than this one, which is
/// blocked.
pub(crate) fn switched_from(thread: usize) {
    log().falls_asleep(thread);
}

impl Id {
    /// Notes that something was made, with this value.
    pub(crate) fn new(value: impl Into<String>) -> Id {
        Id::made(Object {
            value: value.into(),
            ..Object::default()
        })
    }

    /// Notes that a condition variable was made.
    pub(crate) fn condvar() -> Id {
        Id::made(Object {
            asleep: Some(Vec::new()),
            ..Object::default()
        })
    }

    fn made(object: Object) -> Id {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let id = Id(NEXT.fetch_add(1, Ordering::Relaxed));
        let mut log = log();
        let number = log.add(&id, object);
        let changes = log.now(number);
        log.trace.start.extend(changes);
        id
    }

    /// Notes a step with this thing, and the value that it leaves.
    pub(crate) fn step(&self, op: Op, at: At, value: Option<String>) {
        let mut log = log();
        let number = log.number(self);
        if !log.is_traced(number) {
            return;
        }
        let mut changes = None;
        if let Some(value) = value {
            log.objects[number].value = value;
            changes = log.now(number);
        }
        log.step(None, Some(at), op, changes.into_iter().collect());
    }

    /// Notes that this thread is about to lock.
    pub(crate) fn wants_lock(&self, at: At) {
        let mut log = log();
        let (me, number) = (log.me(), log.number(self));
        log.wants(Want::Lock(number), at);
        if log.objects[number].holder.is_some_and(|(h, _)| h == me) {
            // shuttle panics: std's lock would wait for itself.
            log.over = true;
        }
    }

    /// Notes that this thread has the lock.
    pub(crate) fn locked(&self, poisoned: bool, at: At) {
        let mut log = log();
        let (me, number) = (log.me(), log.number(self));
        let before = log.objects[number].holder.replace((me, at));
        assert!(log.over || before.is_none(), "two threads have one lock");
        let op = match poisoned {
            false => Op::Lock(number),
            true => Op::LockPoisoned(number),
        };
        log.changing(op, at, &[number]);
    }

    /// Notes that this thread has found the lock taken.
    pub(crate) fn busy(&self, at: At) {
        let mut log = log();
        let number = log.number(self);
        log.changing(Op::TryLockFails(number), at, &[]);
    }

    /// Notes that this thread has given back the lock that it took at this
    /// line, with this value in it.
    pub(crate) fn unlocked(&self, at: At, value: Option<String>) {
        let mut log = log();
        let number = log.number(self);
        if !log.over {
            log.release(number, value);
            log.changing(Op::Unlock(number), at, &[number]);
        }
    }

    /// Notes that this thread will sleep here as soon as it has given back the
    /// lock, with this value in it.
    pub(crate) fn about_to_wait(
        &self,
        lock: &Id,
        value: Option<String>,
        at: At,
    ) {
        let mut log = log();
        let (condvar, lock, me) =
            (log.number(self), log.number(lock), log.me());
        let about_to_wait = AboutToWait {
            condvar,
            lock,
            value,
            at,
        };
        log.about_to_wait.insert(me, about_to_wait);
    }

    /// Notes that this thread was notified here, and has the lock again.
    pub(crate) fn woken(&self, lock: &Id, poisoned: bool, at: At) {
        let mut log = log();
        let (condvar, lock, me) =
            (log.number(self), log.number(lock), log.me());
        let object = &mut log.objects[condvar];
        object.notified = object.notified.saturating_sub(1);
        object.asleep().retain(|thread| *thread != me);
        log.objects[lock].holder = Some((me, at));
        let op = match poisoned {
            false => Op::Wake { lock, condvar },
            true => Op::LockPoisoned(lock),
        };
        log.changing(op, at, &[condvar, lock]);
    }

    /// Notes that this thread has notified one here, or all.
    pub(crate) fn notified(&self, all: bool, at: At) {
        let mut log = log();
        let condvar = log.number(self);
        let object = &mut log.objects[condvar];
        let asleep = object.asleep().len();
        let before = object.notified;
        object.notified = match all {
            true => asleep,
            false => asleep.min(before + 1),
        };
        let heard = object.notified > before;
        let op = Op::Notify {
            condvar,
            all,
            heard,
        };
        let changed: &[usize] = if heard { &[condvar] } else { &[] };
        log.changing(op, at, changed);
    }
}

impl Object {
    fn asleep(&mut self) -> &mut Vec<usize> {
        self.asleep.get_or_insert_default()
    }
}

impl Log {
    const fn new(named: Option<usize>) -> Log {
        Log {
            named,
            numbers: BTreeMap::new(),
            objects: Vec::new(),
            about_to_wait: BTreeMap::new(),
            clock: None,
            over: false,
            turn: None,
            trace: Trace {
                start: Vec::new(),
                steps: Vec::new(),
                waits: BTreeMap::new(),
                names: BTreeMap::new(),
            },
        }
    }

    fn me(&self) -> usize {
        let thread = shuttle::current::try_get_current_task().map(usize::from);
        self.turn.or(thread).unwrap_or(0)
    }

    fn add(&mut self, id: &Id, object: Object) -> usize {
        self.objects.push(object);
        self.numbers.insert(id.0, self.objects.len() - 1);
        self.objects.len() - 1
    }

    /// Returns a thing's number; it may have been made before the schedule.
    fn number(&mut self, id: &Id) -> usize {
        match self.numbers.get(&id.0) {
            Some(number) => *number,
            None => self.add(id, Object::default()),
        }
    }

    fn is_traced(&self, number: usize) -> bool {
        self.named.is_none_or(|named| number < named)
    }

    /// Says what a thing is now, if it has a name.
    fn now(&self, number: usize) -> Option<Change> {
        self.named.filter(|named| number < *named)?;
        let object = &self.objects[number];
        let now = match (&object.holder, &object.asleep) {
            (Some((holder, _)), _) => State::LockedBy(*holder),
            (None, Some(threads)) => State::Asleep {
                threads: threads.clone(),
                notified: object.notified,
            },
            (None, None) => State::Is(object.value.clone()),
        };
        let object = number;
        Some(Change { object, now })
    }

    fn step(
        &mut self,
        who: Option<Cow<'static, str>>,
        at: Option<At>,
        op: Op,
        changes: Vec<Change>,
    ) {
        if self.over {
            return;
        }
        let thread = self.me();
        self.step_of(thread, who, at, op, changes);
    }

    fn step_of(
        &mut self,
        thread: usize,
        who: Option<Cow<'static, str>>,
        at: Option<At>,
        op: Op,
        changes: Vec<Change>,
    ) {
        self.trace.waits.remove(&thread);
        self.trace.steps.push(Step {
            thread,
            who,
            when: self.clock.as_ref().map(|clock| clock()),
            at,
            op,
            changes,
        });
    }

    /// Notes a step that changes these things, unless they are not traced.
    fn changing(&mut self, op: Op, at: At, objects: &[usize]) {
        if objects.iter().all(|number| self.is_traced(*number)) {
            let changes = objects.iter().filter_map(|n| self.now(*n)).collect();
            self.step(None, Some(at), op, changes);
        }
    }

    fn wants(&mut self, want: Want, at: At) {
        let traced = match want {
            Want::Lock(number) | Want::Notification(number) => {
                self.is_traced(number)
            }
            _ => true,
        };
        if traced && !self.over {
            let (me, holder) = (self.me(), None);
            self.trace.waits.insert(me, Wait { at, want, holder });
        }
    }

    fn release(&mut self, number: usize, value: Option<String>) {
        let object = &mut self.objects[number];
        object.holder = None;
        object.value = value.unwrap_or_else(|| "free".to_string());
    }

    fn falls_asleep(&mut self, thread: usize) {
        let Some(about) = self.about_to_wait.remove(&thread) else {
            return;
        };
        let AboutToWait {
            condvar, lock, at, ..
        } = about;
        self.release(lock, about.value);
        self.objects[condvar].asleep().push(thread);
        let both = self.is_traced(lock) && self.is_traced(condvar);
        if both && !self.over {
            let changes = [lock, condvar].map(|n| self.now(n));
            let changes = changes.into_iter().flatten().collect();
            let op = Op::Sleep { lock, condvar };
            self.step_of(thread, None, Some(at), op, changes);
            let (want, holder) = (Want::Notification(condvar), None);
            self.trace.waits.insert(thread, Wait { at, want, holder });
        }
    }

    fn current(&self) -> Trace {
        let mut trace = self.trace.clone();
        for wait in trace.waits.values_mut() {
            wait.holder = match wait.want {
                Want::Lock(number) => {
                    let holder = self.objects[number].holder;
                    holder.map(|(thread, at)| (thread, Some(at)))
                }
                Want::End(thread) => Some((thread, None)),
                _ => None,
            };
        }
        trace
    }
}
