//! The tasks, and what becomes of them. A scheduler decides which runs next.

use std::any::Any;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, Write};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::queue::Queue;
use super::trap::{Answer, Deadlock, Failure, Job, Routine, Tid, Trap};
use crate::coroutine::{Raised, Resumable, Resume, Step};

/// One task.
struct Task {
    body: Routine,
    /// The result of the system call at which it waits.
    result: Resume<Answer>,
    waiting: Waiting,
    /// The tasks that wait for its end, the longest waiting first.
    waiters: Vec<Tid>,
    /// The task that may still ask how it ended; `None` if it is detached.
    parent: Option<Tid>,
    /// Its children that did not return.
    failed: Vec<Tid>,
}

/// Where a task is to be found, so that it can be taken away from there.
#[derive(Clone)]
enum Waiting {
    /// In the ready queue, or running.
    Ready,
    /// Among the waiters of that task.
    For(Tid),
    /// In that queue.
    In(Rc<Queue>),
    /// In the timers, until then.
    Until(Duration),
    /// For a thread.
    Job,
}

/// The time since the start: the world's, or one that is set.
pub(super) enum Clock {
    Real(Instant),
    Simulated(Duration),
}

/// How a task ended that did not return, and whether any task was sent that.
struct Ended {
    failure: Failure,
    reported: bool,
}

/// Called with each failure that no task has asked for.
pub(super) type Unseen = Box<dyn FnMut(Tid, &Failure)>;

/// Hashes a task's number. No attacker can choose these, so std's hash, which
/// resists chosen keys, would cost a fifth of a switch for nothing.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u64(&mut self, n: u64) {
        // Fibonacci hashing: 2^64 divided by the golden ratio.
        self.0 = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

pub(super) struct Table {
    tasks: HashMap<Tid, Task, BuildHasherDefault<Spread>>,
    pub(super) ready: VecDeque<Tid>,
    /// The tasks that did not return, for as long as their parents live.
    failures: HashMap<Tid, Ended>,
    last: u64,
    /// Tells this table's numbers from those of others.
    scheduler: u64,
    /// How many tasks wait for something that only the world outside can bring.
    pub(super) outside: usize,
    pub(super) unseen: Unseen,
    pub(super) clock: Clock,
    /// The sleeping tasks by when each is due, the earliest first.
    pub(super) timers: BTreeSet<(Duration, Tid)>,
}

impl Table {
    pub(super) fn new(clock: Clock) -> Self {
        static SCHEDULERS: AtomicU64 = AtomicU64::new(0);
        Table {
            tasks: HashMap::default(),
            ready: VecDeque::new(),
            failures: HashMap::new(),
            last: 0,
            // Nothing but the number is shared.
            scheduler: SCHEDULERS.fetch_add(1, Ordering::Relaxed),
            outside: 0,
            // If stderr is gone too, nothing is left to report to.
            unseen: Box::new(|tid, failure| {
                // How an error reads is the task's code, too.
                guarded(|| {
                    writeln!(io::stderr(), "task {tid} failed: {failure}").ok()
                })
                .ok();
            }),
            clock,
            timers: BTreeSet::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    pub(super) fn has(&self, tid: Tid) -> bool {
        self.tasks.contains_key(&tid)
    }

    pub(super) fn spawn(&mut self, body: Routine, parent: Option<Tid>) -> Tid {
        self.last += 1;
        let tid = Tid {
            number: self.last,
            scheduler: self.scheduler,
        };
        let task = Task {
            body,
            result: Resume::Next,
            waiting: Waiting::Ready,
            waiters: Vec::new(),
            parent,
            failed: Vec::new(),
        };
        self.tasks.insert(tid, task);
        self.ready.push_back(tid);
        tid
    }

    pub(super) fn now(&self) -> Duration {
        match self.clock {
            Clock::Real(start) => start.elapsed(),
            Clock::Simulated(now) => now,
        }
    }

    /// Wakes the tasks that have slept long enough.
    pub(super) fn wake_due(&mut self) {
        while let Some(&(due, tid)) = self.timers.first()
            && due <= self.now()
        {
            self.timers.pop_first();
            self.wake_up(tid);
        }
    }

    /// Runs a task until its next system call, and does what it asks for.
    ///
    /// Returns a job that a thread has to do; the task waits for it.
    pub(super) fn turn(&mut self, tid: Tid) -> Option<Job> {
        // Killed while it was ready.
        let task = self.tasks.get_mut(&tid)?;
        let how = mem::replace(&mut task.result, Resume::Next);
        // A body that has panicked is not resumed again.
        match guarded(|| task.body.resume(how)) {
            Ok(Step::Yielded(trap)) => return self.serve(tid, trap),
            Ok(Step::Returned(())) => self.end(tid, Ok(())),
            Ok(Step::Raised(raised)) => self.end(tid, Err(raised.into())),
            Err(message) => self.end(tid, Err(Failure::Panicked(message))),
        }
        None
    }

    fn serve(&mut self, tid: Tid, trap: Trap) -> Option<Job> {
        match trap {
            Trap::Pause => self.ready.push_back(tid),
            Trap::Tid => self.answer(tid, Answer::Tid(tid)),
            Trap::Spawn { body, detached } => {
                let child = self.spawn(body, (!detached).then_some(tid));
                self.answer(tid, Answer::Tid(child));
            }
            Trap::Kill(target) => {
                let found = self.kill(target);
                // A no-op if it was itself.
                self.answer(tid, Answer::Flag(found));
            }
            Trap::Wait(target) => self.wait(tid, target),
            Trap::Block(queue) => {
                queue.push(tid);
                self.park(tid, Waiting::In(queue));
            }
            Trap::Now => self.answer(tid, Answer::Now(self.now())),
            Trap::Sleep(time) => {
                let due = self.now().saturating_add(time);
                self.timers.insert((due, tid));
                self.park(tid, Waiting::Until(due));
            }
            Trap::Offload(job) => {
                self.park(tid, Waiting::Job);
                return Some(job);
            }
        }
        None
    }

    /// Makes a task ready; its system call evaluates to `answer`.
    pub(super) fn answer(&mut self, tid: Tid, answer: Answer) {
        self.wake(tid, Resume::Send(answer));
    }

    /// Makes a task ready; its system call evaluates to nothing.
    pub(super) fn wake_up(&mut self, tid: Tid) {
        self.wake(tid, Resume::Next);
    }

    fn wake(&mut self, tid: Tid, result: Resume<Answer>) {
        if let Some(task) = self.tasks.get_mut(&tid) {
            let waited = mem::replace(&mut task.waiting, Waiting::Ready);
            self.outside -= usize::from(waited.is_outside());
            task.result = result;
            self.ready.push_back(tid);
        }
    }

    /// Notes where a task waits from here on.
    fn park(&mut self, tid: Tid, waiting: Waiting) {
        if let Some(task) = self.tasks.get_mut(&tid) {
            self.outside += usize::from(waiting.is_outside());
            task.waiting = waiting;
        }
    }

    fn wait(&mut self, tid: Tid, target: Tid) {
        if self.leads_to(target, tid) {
            self.wake(tid, Resume::Throw(Deadlock.into()));
        } else if let Some(task) = self.tasks.get_mut(&target) {
            task.waiters.push(tid);
            self.park(tid, Waiting::For(target));
        } else if let Some(ended) = self.failures.get_mut(&target) {
            ended.reported = true;
            let failure = ended.failure.clone();
            self.wake(tid, Resume::Throw(failure.into()));
        } else {
            self.answer(tid, Answer::Flag(false));
        }
    }

    /// Whether `from`, or the task at the end of the chain of waits that starts
    /// there, is `to`.
    fn leads_to(&self, mut from: Tid, to: Tid) -> bool {
        loop {
            if from == to {
                return true;
            }
            match self.tasks.get(&from).map(|task| &task.waiting) {
                Some(Waiting::For(next)) => from = *next,
                _ => return false,
            }
        }
    }

    /// Closes a task, and takes it out of wherever it waited.
    fn kill(&mut self, tid: Tid) -> bool {
        let Some(task) = self.tasks.get_mut(&tid) else {
            return false;
        };
        let waiting = task.waiting.clone();
        self.outside -= usize::from(waiting.is_outside());
        task.waiting = Waiting::Ready;
        // An error that the task raises on its way out is dropped.
        guarded(|| drop(task.body.close())).ok();
        match waiting {
            // In the ready queue its number is passed over, and the thread's
            // answer is not delivered.
            Waiting::Ready | Waiting::Job => {}
            Waiting::For(target) => {
                if let Some(target) = self.tasks.get_mut(&target) {
                    target.waiters.retain(|waiter| *waiter != tid);
                }
            }
            Waiting::In(queue) => queue.remove(tid),
            Waiting::Until(due) => {
                self.timers.remove(&(due, tid));
            }
        }
        self.end(tid, Err(Failure::Killed));
        true
    }

    /// Takes a task off the table, and wakes the tasks that waited for it.
    fn end(&mut self, tid: Tid, outcome: Result<(), Failure>) {
        let Some(mut task) = self.tasks.remove(&tid) else {
            return;
        };
        let reported = !task.waiters.is_empty();
        for waiter in mem::take(&mut task.waiters) {
            let result = match &outcome {
                Ok(()) => Resume::Send(Answer::Flag(true)),
                Err(failure) => Resume::Throw(failure.clone().into()),
            };
            self.wake(waiter, result);
        }
        for child in mem::take(&mut task.failed) {
            if let Some(ended) = self.failures.remove(&child)
                && !ended.reported
            {
                (self.unseen)(child, &ended.failure);
            }
        }
        if let Err(failure) = outcome {
            // The task that killed it knows.
            let reported = reported || matches!(failure, Failure::Killed);
            match task.parent.and_then(|tid| self.tasks.get_mut(&tid)) {
                Some(parent) => {
                    parent.failed.push(tid);
                    self.failures.insert(tid, Ended { failure, reported });
                }
                None if !reported => (self.unseen)(tid, &failure),
                None => {}
            }
        }
        // A panic may have left locals behind, and their drop may panic too.
        guarded(|| drop(task)).ok();
    }

    /// Returns the numbers of all tasks there are.
    pub(super) fn tids(&self) -> Vec<Tid> {
        let mut tids: Vec<Tid> = self.tasks.keys().copied().collect();
        tids.sort();
        tids
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        // One at a time: a local whose `Drop` panics costs no other task its
        // own.
        for (_, task) in mem::take(&mut self.tasks) {
            guarded(|| drop(task)).ok();
        }
    }
}

impl Waiting {
    fn is_outside(&self) -> bool {
        match self {
            Waiting::Ready | Waiting::For(_) => false,
            Waiting::In(queue) => queue.outside,
            Waiting::Until(_) | Waiting::Job => true,
        }
    }
}

impl From<Raised> for Failure {
    fn from(raised: Raised) -> Self {
        match raised {
            // It unwound itself, without being killed.
            Raised::Exit => Failure::Killed,
            Raised::Error(error) => Failure::Raised(Arc::from(error)),
        }
    }
}

/// Calls a task's code. A panic ends here, as its message.
///
/// Closures, locals, results and payloads are a task's, and `Drop` is code.
pub(super) fn guarded<R>(code: impl FnOnce() -> R) -> Result<R, Arc<str>> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let message = message_of(&*payload);
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        // The next payload could panic as well, and so on: it is leaked.
        dropped.unwrap_or_else(mem::forget);
        message
    })
}

/// Returns what a panic said.
fn message_of(payload: &(dyn Any + Send)) -> Arc<str> {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref().map(String::as_str));
    text.unwrap_or("something").into()
}
