//! Chapter 4: async.
//!
//! The modules in reading order:
//!
//! - [`s01_spinner`]: a task is stopped by dropping it; what that means.
//! - [`s02_frozen`]: a call that blocks stops every task of its thread.
//! - [`s03_nap`]: giving way by hand, and what it costs.
//! - [`s04_countdowns`]: many waits on one thread, in an exact order.
//! - [`s05_flags`]: the downloader: sequential, threads, async.
//! - [`interrupt`]: what Ctrl-C does.

pub mod interrupt;
pub mod s01_spinner;
pub mod s02_frozen;
pub mod s03_nap;
pub mod s04_countdowns;
pub mod s05_flags;
