//! The primitives of std that this chapter's own primitives, and the sections
//! that run under every schedule, are built with.
//!
//! They are imported from here, and not from `std`, so that `tests/loom.rs` and
//! the sections' `schedules.rs` can replace them by an exhaustive scheduler's.

pub use std::sync::{Barrier, Condvar, Mutex, MutexGuard, PoisonError};
pub use std::thread;

/// How often a worker looks for a job again before it sleeps.
///
/// Under an exhaustive scheduler it is 0: looking again adds schedules, but no
/// new kind of fault.
pub const SPIN_LIMIT: u32 = 20;

pub mod atomic {
    //! Atomics and their orderings.
    pub use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
}
