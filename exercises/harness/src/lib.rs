//! The harness: what a check of concurrency needs.
//!
//! - [`Check`]: the cases of a check, each a claim. [`expect`], [`wrong`]:
//!   what a case says when the claim does not hold. [`step`]: what a case
//!   tells of itself in a schedule.
//! - [`sync`], [`thread`]: std's locks, atomics and threads, under a scheduler
//!   that runs every schedule and writes down each step.
//! - [`main`]: the programs that run checks.

mod check;
mod explore;
mod finding;
mod program;
mod record;
mod scheduler;
pub mod sync;
pub mod thread;

pub use check::{Case, Check};
pub use finding::{expect, wrong};
pub use program::{Exercise, Variant, main};
pub use record::{step, tell};
