//! The tasks' side: the system calls.

use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::net::Net;
use super::queue::{Queue, Woken};
use super::table::guarded;
use super::trap::{Answer, Failure, Routine, Tid, Trap};
use crate::coroutine::{Co, Coroutine, Misuse, Raised};

/// What all tasks of one scheduler share, and none can see.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) woken: Woken,
    /// A simulated world has no network.
    pub(super) net: Option<Rc<Net>>,
}

/// A task's line to its operating system. Every method is a system call.
///
/// There is no way from here to a scheduler or to another task:
///
/// ```compile_fail,E0603
/// use ch03_generators::kernel::trap::Trap;
/// ```
///
/// ```compile_fail,E0616
/// use ch03_generators::kernel::Os;
///
/// fn look_around(os: Os) {
///     let everybody = os.shared;
/// }
/// ```
///
/// Every call is an `Err` when the task is being killed. Pass it on with `?`.
#[derive(Clone)]
pub struct Os {
    co: Co<'static, Trap, Answer>,
    pub(super) shared: Shared,
}

/// Makes a coroutine of a task's body.
pub(super) fn routine<F>(shared: &Shared, body: impl FnOnce(Os) -> F) -> Routine
where
    F: Future<Output = Result<(), Raised>> + 'static,
{
    let shared = shared.clone();
    Coroutine::new(move |co| body(Os { co, shared }))
}

impl Os {
    async fn trap(&self, trap: Trap) -> Result<Option<Answer>, Raised> {
        self.co.yield_(trap).await
    }

    async fn flag(&self, trap: Trap) -> Result<bool, Raised> {
        match self.trap(trap).await? {
            Some(Answer::Flag(flag)) => Ok(flag),
            _ => Err(Misuse::ForeignAwait.into()),
        }
    }

    async fn new_tid(&self, trap: Trap) -> Result<Tid, Raised> {
        match self.trap(trap).await? {
            Some(Answer::Tid(tid)) => Ok(tid),
            _ => Err(Misuse::ForeignAwait.into()),
        }
    }

    /// Lets others run.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed, as with every system call.
    pub async fn pause(&self) -> Result<(), Raised> {
        self.trap(Trap::Pause).await.map(|_| ())
    }

    /// Returns this task's own number.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed.
    pub async fn tid(&self) -> Result<Tid, Raised> {
        self.new_tid(Trap::Tid).await
    }

    /// Starts a task. How it ends is kept for as long as this one lives.
    ///
    /// It is queued before this one: it runs first.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed.
    pub async fn spawn<F>(
        &self,
        body: impl FnOnce(Os) -> F,
    ) -> Result<Tid, Raised>
    where
        F: Future<Output = Result<(), Raised>> + 'static,
    {
        let body = routine(&self.shared, body);
        let detached = false;
        self.new_tid(Trap::Spawn { body, detached }).await
    }

    /// Starts a task that no other will wait for: a server's client.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed.
    pub async fn detach<F>(
        &self,
        body: impl FnOnce(Os) -> F,
    ) -> Result<Tid, Raised>
    where
        F: Future<Output = Result<(), Raised>> + 'static,
    {
        let body = routine(&self.shared, body);
        let detached = true;
        self.new_tid(Trap::Spawn { body, detached }).await
    }

    /// Ends a task where it stands; returns `false` if it has already ended.
    ///
    /// What it holds has been dropped when this returns.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed, also by itself.
    pub async fn kill(&self, tid: Tid) -> Result<bool, Raised> {
        self.flag(Trap::Kill(tid)).await
    }

    /// Waits until a task has ended; `false` if there is nothing to wait for.
    ///
    /// # Errors
    ///
    /// Its [`Failure`], if it did not return; [`Deadlock`] if it waits for us.
    ///
    /// [`Deadlock`]: super::Deadlock
    pub async fn wait(&self, tid: Tid) -> Result<bool, Raised> {
        self.flag(Trap::Wait(tid)).await
    }

    /// Returns the time since the scheduler started.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed.
    pub async fn now(&self) -> Result<Duration, Raised> {
        match self.trap(Trap::Now).await? {
            Some(Answer::Now(now)) => Ok(now),
            _ => Err(Misuse::ForeignAwait.into()),
        }
    }

    /// Runs others for at least so long.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed.
    pub async fn sleep(&self, time: Duration) -> Result<(), Raised> {
        self.trap(Trap::Sleep(time)).await.map(|_| ())
    }

    /// Does `work` in a thread, and runs others meanwhile.
    ///
    /// If this task is killed, the work goes on, and its result is lost: a
    /// thread cannot be killed.
    ///
    /// # Errors
    ///
    /// [`Failure::Panicked`] if `work` did.
    pub async fn offload<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Raised> {
        let slot = Arc::new(Mutex::new(None));
        let theirs = slot.clone();
        let job = Box::new(move || {
            let done = guarded(work);
            // If the task has been killed, the value is dropped here: a panic
            // of its `Drop` must not end a thread that others need.
            let put = move || {
                let mut slot =
                    theirs.lock().unwrap_or_else(PoisonError::into_inner);
                *slot = Some(done);
            };
            guarded(put).ok();
        });
        self.trap(Trap::Offload(job)).await?;
        let done = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        match done {
            Some(Ok(value)) => Ok(value),
            Some(Err(message)) => Err(Failure::Panicked(message).into()),
            None => Err(Misuse::ForeignAwait.into()),
        }
    }

    /// Waits in `queue`. For what lies above the system calls.
    ///
    /// # Errors
    ///
    /// [`Misuse::ForeignAwait`] if the queue is another scheduler's: that one
    /// would have to wake this task, and has no task of this number.
    pub(super) async fn block(&self, queue: &Rc<Queue>) -> Result<(), Raised> {
        if !queue.is_of(&self.shared.woken) {
            return Err(Misuse::ForeignAwait.into());
        }
        self.trap(Trap::Block(queue.clone())).await.map(|_| ())
    }
}
