//! What the chapters' benches measure with.
//!
//! criterion is the harness of what takes nanoseconds to milliseconds and can
//! be done again and again: a call, a switch, a message, a lock. Such a bench is
//! a criterion group, run by [`criterion`].
//!
//! A [`Measurement`] is for what criterion cannot do: memory, whole processes,
//! servers under load, the longest of many waits, and contenders that have to
//! take turns, round by round, because a few per cent between them count and
//! the machine has other things to do. It prints one [`Record`].
//!
//! Under `cargo test` either does each thing once.

mod criterion;
mod measurement;
mod python;

pub use crate::criterion::{Comparison, criterion, time};
pub use crate::measurement::{Measurement, Row, is_wanted, median};
pub use crate::python::{Python, python};
pub use artifacts::measurement::Record;
