//! What the threads of the running schedule do: who, at which line, and what
//! it does to what they share.

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One step of one thread.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub thread: usize,
    /// The line of the section's file; 0 where the program itself says it.
    pub line: u32,
    /// In the reader's words, with what has changed behind a semicolon.
    pub says: String,
}

/// What a thread needs before it can go on.
#[derive(Clone)]
pub struct Want {
    pub line: u32,
    pub what: String,
    /// Who has it, if it can be had.
    pub holder: Option<usize>,
}

/// A lock, a condition variable or an atomic that has a name.
#[derive(Default)]
struct Object {
    name: &'static str,
    value: String,
    holder: Option<usize>,
    asleep: Vec<usize>,
    called: usize,
}

/// The log of one schedule.
#[derive(Default)]
pub struct Log {
    threads: &'static [&'static str],
    names: &'static [&'static str],
    objects: Vec<Object>,
    pub start: Vec<String>,
    pub steps: Vec<Step>,
    wants: BTreeMap<usize, (u32, Wanted)>,
    /// Who goes to sleep as soon as the lock is given back.
    drowsy: BTreeMap<usize, Drowsy>,
}

#[derive(Clone, Copy)]
enum Wanted {
    Object(usize),
    End(usize),
}

#[derive(Clone, Copy)]
pub struct Drowsy {
    pub bell: Option<usize>,
    pub lock: Option<usize>,
    pub line: u32,
}

static LOG: Mutex<Option<Log>> = Mutex::new(None);

/// Returns the log of the schedule that runs.
fn log() -> LogGuard {
    // Panics end a schedule and leave its log as it is.
    LogGuard(LOG.lock().unwrap_or_else(PoisonError::into_inner))
}

struct LogGuard(MutexGuard<'static, Option<Log>>);

impl LogGuard {
    fn get(&mut self) -> &mut Log {
        self.0.get_or_insert_default()
    }
}

fn me() -> usize {
    shuttle::current::me().into()
}

/// Begins a log, for these threads and these shared things: both get their
/// names in the order in which they are made.
pub fn begin(threads: &'static [&'static str], names: &'static [&'static str]) {
    *log().get() = Log {
        threads,
        names,
        ..Log::default()
    };
}

/// Ends the log of a schedule, and returns it with what is still wanted.
pub fn end() -> (Log, BTreeMap<usize, Want>) {
    let mut guard = log();
    let log = guard.get();
    // The last one to run has found nobody to switch to.
    for thread in log.drowsy.keys().copied().collect::<Vec<_>>() {
        log.falls_asleep(thread);
    }
    let wants = log.wants.iter().map(|(thread, (line, wanted))| {
        let (what, holder) = match *wanted {
            Wanted::Object(object) => {
                let object = &log.objects[object];
                (object.name.to_string(), object.holder)
            }
            Wanted::End(thread) => {
                (format!("the end of {}", log.threads[thread]), Some(thread))
            }
        };
        let line = *line;
        (*thread, Want { line, what, holder })
    });
    let wants = wants.collect();
    (std::mem::take(log), wants)
}

impl Log {
    fn step(&mut self, thread: usize, line: u32, says: String) {
        self.wants.remove(&thread);
        self.steps.push(Step { thread, line, says });
    }

    fn state(&self, object: usize) -> String {
        let Object {
            name,
            value,
            holder,
            asleep,
            called,
        } = &self.objects[object];
        if let Some(holder) = holder {
            return format!("{name} = locked by {}", self.threads[*holder]);
        }
        if asleep.is_empty() {
            return format!("{name} = {value}");
        }
        let who: Vec<_> = asleep.iter().map(|t| self.threads[*t]).collect();
        let called = match called {
            0 => "",
            n if *n == asleep.len() => ", called",
            _ => ", one of them called",
        };
        format!("{name} = {} asleep{called}", who.join(" and "))
    }

    fn falls_asleep(&mut self, thread: usize) {
        let Some(drowsy) = self.drowsy.remove(&thread) else {
            return;
        };
        let (Some(bell), Some(lock)) = (drowsy.bell, drowsy.lock) else {
            return;
        };
        self.objects[lock].holder = None;
        self.objects[bell].asleep.push(thread);
        let says = format!(
            "gives {} back and sleeps; {}; {}",
            self.objects[lock].name,
            self.state(lock),
            self.state(bell)
        );
        self.step(thread, drowsy.line, says);
        self.wants
            .insert(thread, (drowsy.line, Wanted::Object(bell)));
    }
}

/// Gives what was made the next name, if there is one.
pub fn made(value: String) -> Option<usize> {
    let mut guard = log();
    let log = guard.get();
    let name = log.names.get(log.objects.len())?;
    log.objects.push(Object {
        name,
        value,
        ..Object::default()
    });
    let made = log.objects.len() - 1;
    let state = log.state(made);
    log.start.push(state);
    Some(made)
}

/// Notes that this thread is about to ask for something.
pub fn wants(object: Option<usize>, at: &Location) {
    if let Some(object) = object {
        let want = (at.line(), Wanted::Object(object));
        log().get().wants.insert(me(), want);
    }
}

/// Notes that this thread waits for the end of another.
pub fn wants_end(thread: usize, at: &Location) {
    let want = (at.line(), Wanted::End(thread));
    log().get().wants.insert(me(), want);
}

/// Notes that the other thread has ended.
pub fn saw_end(thread: usize, at: &Location) {
    let mut guard = log();
    let log = guard.get();
    let says = format!("sees that {} has ended", log.threads[thread]);
    log.step(me(), at.line(), says);
}

/// Notes a step of this thread that is not one of a traced object.
pub fn says(what: impl Into<String>) {
    log().get().step(me(), 0, what.into());
}

/// Notes a step of this thread, and the value that it leaves.
pub fn changed(
    object: Option<usize>,
    at: &Location,
    says: String,
    value: Option<String>,
) {
    let Some(object) = object else { return };
    let mut guard = log();
    let log = guard.get();
    let mut says = says;
    if let Some(value) = value {
        log.objects[object].value = value;
        says = format!("{says}; {}", log.state(object));
    }
    log.step(me(), at.line(), says);
}

/// Notes that this thread has the lock.
pub fn locked(object: Option<usize>, at: &Location) {
    let Some(object) = object else { return };
    let mut guard = log();
    let log = guard.get();
    let before = log.objects[object].holder.replace(me());
    assert!(before.is_none(), "two threads have one lock");
    let says =
        format!("locks {}; {}", log.objects[object].name, log.state(object));
    log.step(me(), at.line(), says);
}

/// Notes that this thread has given the lock back, with this value in it.
pub fn unlocked(object: Option<usize>, line: u32, value: String) {
    let Some(object) = object else { return };
    let mut guard = log();
    let log = guard.get();
    log.objects[object].holder = None;
    log.objects[object].value = value;
    let says = format!(
        "gives {} back; {}",
        log.objects[object].name,
        log.state(object)
    );
    log.step(me(), line, says);
}

/// Notes that this thread will sleep as soon as it has given the lock back.
pub fn drowsy(drowsy: Drowsy) {
    log().get().drowsy.insert(me(), drowsy);
}

/// Notes that the scheduler looks for another thread than this one.
pub fn switched_from(thread: usize) {
    log().get().falls_asleep(thread);
}

/// Notes that this thread was woken and has the lock again.
pub fn woken(bell: Option<usize>, lock: Option<usize>, at: &Location) {
    let (Some(bell), Some(lock)) = (bell, lock) else {
        return;
    };
    let mut guard = log();
    let log = guard.get();
    let me = me();
    log.objects[bell].asleep.retain(|thread| *thread != me);
    log.objects[bell].called -= 1;
    log.objects[lock].holder = Some(me);
    let says = format!(
        "is awake and locks {}; {}; {}",
        log.objects[lock].name,
        log.state(bell),
        log.state(lock)
    );
    log.step(me, at.line(), says);
}

/// Notes that this thread has rung for one, or for all.
pub fn rung(bell: Option<usize>, all: bool, at: &Location) {
    let Some(bell) = bell else { return };
    let mut guard = log();
    let log = guard.get();
    let object = &mut log.objects[bell];
    let (asleep, called) = (object.asleep.len(), object.called);
    object.called = match all {
        true => asleep,
        false => asleep.min(called + 1),
    };
    let name = object.name;
    let says = match object.called - called {
        0 => format!("notifies {name}: nobody sleeps there"),
        _ if all => format!("wakes all at {name}; {}", log.state(bell)),
        _ => format!("wakes one at {name}; {}", log.state(bell)),
    };
    log.step(me(), at.line(), says);
}
