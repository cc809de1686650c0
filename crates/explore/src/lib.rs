//! Runs threads and futures under every schedule, and writes down each step.
//!
//! A program is a function that uses the primitives of this crate in the place
//! of std's. [`shuttle`] runs its threads one at a time, and before each use of
//! a lock, an atomic or a condition variable a scheduler chooses who is next:
//!
//! - [`threads::explore`] makes every choice there is, depth first, goes on
//!   where a schedule has failed, and counts all of them;
//! - [`bounded::Bounded`] makes every choice with a bounded number of
//!   preemptions, for [`threads::run`], which ends with the first failure;
//! - [`futures::explore`] polls the futures of one thread in every order in
//!   which an executor could, and [`futures::choose`] makes a choice of the
//!   program's own.
//!
//! The primitives have std's names, so that a source file can be compiled a
//! second time with them:
//!
//! - [`sync`], [`thread`]: locks, condition variables, atomics, threads.
//!   [`sync::TracedMutex`] also shows what is in it;
//! - [`futures`]: a cell, a lock, `join_all` and `yield_now` for futures.
//!
//! Each use is a typed step of the [`trace`], with the line that makes it: an
//! [`artifacts::schedules::Op`]. Nothing else knows what a step looks like in
//! words.
//!
//! Two programs stand on this crate. A chapter's example `schedules` has a
//! [`record::Case`] for each section that lets a reader step through its
//! schedules: the section's `schedules.rs` compiles its `mod.rs` again,
//!
//! ```ignore
//! #[path = "."]
//! mod traced {
//!     pub mod sync {
//!         pub use explore::sync::{Condvar, TracedMutex as Mutex};
//!     }
//!     #[path = "mod.rs"]
//!     pub mod condvar;
//! }
//! ```
//!
//! and [`record::main`] prints the recording. And the exercises' harness runs a
//! reader's solution with up to two preemptions, and shows the first schedule
//! that goes wrong.

pub mod bounded;
pub mod futures;
pub mod record;
pub mod sync;
#[cfg(test)]
mod tests;
pub mod thread;
pub mod threads;
pub mod trace;

pub use artifacts::schedules::{Op, Want};
