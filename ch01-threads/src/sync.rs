//! The tools of std that this chapter's own primitives are built with.
//!
//! They come from here, and not from `std`, so that `tests/loom.rs` and
//! `schedules/` can put an exhaustive scheduler's in their place.

pub use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
pub use std::thread;

pub mod atomic {
    //! Atomics and their orderings.
    pub use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
}
