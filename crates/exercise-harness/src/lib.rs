//! The harness: what a check of concurrency needs.
//!
//! - [`Check`]: the cases of a check, each a claim. [`expect`], [`wrong`]:
//!   what a case says when the claim does not hold. [`step`], [`tell`]: what a
//!   case tells of itself in a schedule.
//! - [`sync`], [`thread`]: std's locks, atomics and threads, under a scheduler
//!   that runs every schedule and writes down each step; they are those of
//!   [`explore`], which chapters 1 and 4 record their schedules with.
//! - [`main`]: the programs that run checks.

mod check;
mod finding;
mod program;
mod search;
#[cfg(test)]
mod tests;

pub use check::{Case, Check};
pub use explore::trace::{step, tell};
pub use explore::{sync, thread};
pub use finding::{expect, wrong};
pub use program::{Exercise, Variant, main};
