//! Chapter 4: async.
//!
//! The modules in reading order:
//!
//! - [`s01_spinner`]: a task is stopped by dropping it; what that means.
//! - [`s02_poll`]: a future, polled by hand.
//! - [`s03_block_on`]: waiting for one, and what wakes the waiter.
//! - [`s04_timer`]: a clock that can be waited for.
//! - [`s05_executor`]: many tasks on one thread.
//! - [`s06_join`]: many futures in one task.
//! - [`s07_frozen`]: a call that blocks stops every task of its thread.
//! - [`s08_nap`]: giving way by hand, and what it costs.
//! - [`s09_countdowns`]: many waits on one thread, in an exact order.
//! - [`s10_flags`]: the downloader: sequential, threads, async.
//! - [`interrupt`]: what Ctrl-C does.

pub mod interrupt;
#[cfg(test)]
mod limit;
pub mod s01_spinner;
pub mod s02_poll;
pub mod s03_block_on;
pub mod s04_timer;
pub mod s05_executor;
pub mod s06_join;
pub mod s07_frozen;
pub mod s08_nap;
pub mod s09_countdowns;
pub mod s10_flags;
