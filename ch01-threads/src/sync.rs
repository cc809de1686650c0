//! The tools of std that this chapter's own primitives, and the sections that
//! run under every schedule, are built with.
//!
//! They come from here, and not from `std`, so that `tests/loom.rs` and
//! the sections' `schedules.rs` can put an exhaustive scheduler's in their place.

pub use std::sync::{Barrier, Condvar, Mutex, MutexGuard, PoisonError};
pub use std::thread;

/// How often a worker looks for a job again before it sleeps.
///
/// An exhaustive scheduler sets it to 0: looking again adds schedules, and
/// nothing that could go wrong in them.
pub const PATIENCE: u32 = 20;

pub mod atomic {
    //! Atomics and their orderings.
    pub use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
}
