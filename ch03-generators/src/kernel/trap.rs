//! What crosses the line between a task and its scheduler, and nothing else.

use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::queue::Queue;
use crate::coroutine::Coroutine;

/// The number of a task: all that one task knows of another.
///
/// They are given out in order, from 1, and none is given out twice. Every
/// scheduler counts from 1; to another one, its numbers are of no task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tid {
    pub(super) number: u64,
    pub(super) scheduler: u64,
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.number.fmt(f)
    }
}

impl Hash for Tid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // All keys of one table are of one scheduler.
        state.write_u64(self.number);
    }
}

/// A task's body: yields system calls, and is sent their results.
pub(super) type Routine = Coroutine<'static, Trap, Answer>;

/// What a task wants of its scheduler. The yield is the trap.
pub(super) enum Trap {
    Pause,
    Tid,
    Now,
    Spawn { body: Routine, detached: bool },
    Kill(Tid),
    Wait(Tid),
    Sleep(Duration),
    Block(Rc<Queue>),
    Offload(Job),
}

/// Work for a thread. What it returns, it puts where its task will look.
pub(super) type Job = Box<dyn FnOnce() + Send>;

/// What a system call evaluates to, if it evaluates to anything.
pub(super) enum Answer {
    Tid(Tid),
    Flag(bool),
    Now(Duration),
}

/// How a task ended that did not return. It is raised in each task that waits
/// for it.
#[derive(Clone, Debug)]
pub enum Failure {
    /// It raised this.
    Raised(Arc<dyn Error + Send + Sync>),
    /// It panicked with this message.
    Panicked(Arc<str>),
    /// It was killed.
    Killed,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Failure::Raised(error) => error.fmt(f),
            Failure::Panicked(message) => write!(f, "panicked: {message}"),
            Failure::Killed => f.write_str("killed"),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Failure::Raised(error) => Some(error.as_ref()),
            Failure::Panicked(_) | Failure::Killed => None,
        }
    }
}

/// A task waits for itself, or for one that waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlock;

impl fmt::Display for Deadlock {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("it would wait for itself")
    }
}

impl Error for Deadlock {}
