//! One job: the submitter's handle, and the part that the worker runs.

use std::fmt;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use super::Shared;

/// The submitter's side of one job: waits for its result or cancels it.
///
/// Dropping it does not cancel the job; the result is dropped, too.
pub struct JobHandle<T> {
    id: u64,
    slot: Arc<Slot<T>>,
    pool: Arc<Shared>,
}

/// Why a job has no result.
#[derive(Clone, Debug, PartialEq)]
pub enum JobError {
    /// It panicked, with this message.
    Panicked(String),
    /// It was cancelled before a worker took it.
    Cancelled,
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JobError::Panicked(message) => write!(f, "panicked: {message}"),
            JobError::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for JobError {}

impl<T> JobHandle<T> {
    pub(super) fn new(
        id: u64,
        slot: Arc<Slot<T>>,
        pool: Arc<Shared>,
    ) -> JobHandle<T> {
        JobHandle { id, slot, pool }
    }

    /// Returns the job's number in its pool. Another pool has the same numbers.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Says whether the job has ended, with a result or without. Does not wait.
    pub fn is_done(&self) -> bool {
        matches!(self.slot.lock().stage, Stage::Done(_))
    }

    /// Waits for the result.
    ///
    /// A worker of the job's own pool runs a job that is still queued itself,
    /// because it could be the only worker left to run it. Two jobs that join
    /// each other do wait for ever.
    ///
    /// # Errors
    ///
    /// The job panicked or was cancelled.
    pub fn join(self) -> Result<T, JobError> {
        if let Some(job) = self.pool.take_back(self.id) {
            run(job);
        }
        let mut state = self.slot.lock();
        loop {
            if let Some(result) = state.take() {
                return result;
            }
            state.awaited = true;
            state = self
                .slot
                .done
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for the result, but not for longer than `limit`.
    ///
    /// It does not run the job itself, which could take longer than `limit`.
    ///
    /// # Errors
    ///
    /// The time is over: returns the handle, and the job goes on.
    pub fn join_timeout(
        self,
        limit: Duration,
    ) -> Result<Result<T, JobError>, JobHandle<T>> {
        let start = Instant::now();
        let mut state = self.slot.lock();
        loop {
            if let Some(result) = state.take() {
                return Ok(result);
            }
            let left = limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                drop(state);
                return Err(self);
            }
            state.awaited = true;
            let waited = self.slot.done.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Cancels a job that has not begun; returns whether it did.
    pub fn cancel(&self) -> bool {
        self.slot.settle(Err(JobError::Cancelled), Stage::is_queued)
    }

    /// Calls `callback` when the job is done, or now if it is.
    ///
    /// The thread that ends the job calls it: a worker, or the thread that
    /// cancels the job or drops the pool. Its panic is printed and goes no
    /// further.
    pub fn on_done(&self, callback: impl FnOnce() + Send + 'static) {
        let mut state = self.slot.lock();
        if let Stage::Done(_) = state.stage {
            drop(state);
            call(Box::new(callback));
        } else {
            state.callbacks.push(Box::new(callback));
        }
    }
}

type Callback = Box<dyn FnOnce() + Send>;

fn call(callback: Callback) {
    // The hook has printed the panic; the worker goes on with other jobs.
    guarded(callback).ok();
}

/// Runs a job, and drops its result if there is no handle.
pub(super) fn run(job: Box<dyn Run>) {
    // Guarded once more: a result without a handle is dropped here, and its
    // `Drop` may panic. The hook has printed that panic.
    guarded(|| job.run()).ok();
}

/// Calls code of the pool's users, and returns a panic as its message.
///
/// Closures, results and payloads are a user's values, and their `Drop` runs
/// user's code.
fn guarded<R>(code: impl FnOnce() -> R) -> Result<R, String> {
    // Unwind safe: no other job can see this job's half changed values.
    panic::catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|s| s.to_string());
        let text = text.or_else(|| payload.downcast_ref().cloned());
        let dropped = panic::catch_unwind(AssertUnwindSafe(|| drop(payload)));
        // The next payload's drop could panic as well, so it is leaked.
        dropped.unwrap_or_else(mem::forget);
        text.unwrap_or_default()
    })
}

enum Stage<T> {
    Queued,
    Running,
    Done(Result<T, JobError>),
    Taken,
}

impl<T> Stage<T> {
    fn is_queued(&self) -> bool {
        matches!(self, Stage::Queued)
    }

    fn is_running(&self) -> bool {
        matches!(self, Stage::Running)
    }
}

/// The result of a job, and the `Condvar` where its joiner waits.
pub(super) struct Slot<T> {
    state: Mutex<State<T>>,
    done: Condvar,
}

struct State<T> {
    stage: Stage<T>,
    /// Whether a thread sleeps: without one, `notify_one` is a wasted call.
    awaited: bool,
    callbacks: Vec<Callback>,
}

impl<T> State<T> {
    /// Takes the result, if the job has one.
    fn take(&mut self) -> Option<Result<T, JobError>> {
        match mem::replace(&mut self.stage, Stage::Taken) {
            Stage::Done(result) => Some(result),
            earlier => {
                self.stage = earlier;
                None
            }
        }
    }
}

impl<T> Slot<T> {
    pub(super) fn new() -> Slot<T> {
        Slot {
            state: Mutex::new(State {
                stage: Stage::Queued,
                awaited: false,
                callbacks: Vec::new(),
            }),
            done: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No user's code runs under this lock, so no panic can poison it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks the job as running, unless it was cancelled meanwhile.
    fn begin(&self) -> bool {
        let mut state = self.lock();
        let queued = state.stage.is_queued();
        if queued {
            state.stage = Stage::Running;
        }
        queued
    }

    /// Stores the result if the stage is `from`; says whether it was.
    fn settle(
        &self,
        result: Result<T, JobError>,
        from: fn(&Stage<T>) -> bool,
    ) -> bool {
        let mut state = self.lock();
        if !from(&state.stage) {
            return false;
        }
        state.stage = Stage::Done(result);
        let callbacks = mem::take(&mut state.callbacks);
        let awaited = state.awaited;
        drop(state);
        if awaited {
            // One: `join` consumes the handle, so only one thread can wait.
            self.done.notify_one();
        }
        callbacks.into_iter().for_each(call);
        true
    }
}

/// A queued job. Dropping it before it has run cancels it.
pub(super) struct Job<F, T> {
    work: Option<F>,
    slot: Arc<Slot<T>>,
}

/// What a worker needs to know of a job.
pub(super) trait Run: Send {
    fn run(self: Box<Self>);
}

impl<F, T> Job<F, T> {
    pub(super) fn new(work: F, slot: Arc<Slot<T>>) -> Job<F, T> {
        let work = Some(work);
        Job { work, slot }
    }
}

impl<T: Send, F: FnOnce() -> T + Send> Run for Job<F, T> {
    fn run(mut self: Box<Self>) {
        // If the job was cancelled, its closure is dropped here.
        let work = self.work.take();
        if let Some(work) = work.filter(|_| self.slot.begin()) {
            let result = guarded(work).map_err(JobError::Panicked);
            self.slot.settle(result, Stage::is_running);
        }
    }
}

impl<F, T> Drop for Job<F, T> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            // The closure is dropped first: a callback may rely on it. If its
            // `Drop` panics, the handle must still be notified of the end.
            guarded(|| drop(work)).ok();
            self.slot.settle(Err(JobError::Cancelled), Stage::is_queued);
        }
    }
}
