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
//! - [`s07_state_machine`]: what an `async fn` is compiled to.
//! - [`s08_runtimes`]: the same future on four loops.
//! - [`s09_frozen`]: a call that blocks stops every task of its thread.
//! - [`s10_nap`]: giving way by hand, and what it costs.
//! - [`s11_inert`]: a call that runs nothing, and three ways to run it.
//! - [`s12_eight_points`]: a task compared with a thread.
//! - [`s13_unfinished`]: asking for a result that is not there.
//! - [`s14_cancel`]: what an abort reaches.
//! - [`s15_half_read`]: what a read that is dropped has lost.
//! - [`s16_cleanup`]: ending what needs an await to be ended.
//! - [`s17_no_lock`]: when a lock is not needed, and when it does not help.
//! - [`s18_callbacks`]: what `async` replaces.
//! - [`s19_countdowns`]: many waits on one thread, in an exact order.
//! - [`s20_waiting`]: all, the first, each as it comes, and no longer.
//! - [`s21_nursery`]: tasks that end with their block.
//! - [`s22_flags`]: the downloader: sequential, threads, async.
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
pub mod s07_state_machine;
pub mod s08_runtimes;
pub mod s09_frozen;
pub mod s10_nap;
pub mod s11_inert;
pub mod s12_eight_points;
pub mod s13_unfinished;
pub mod s14_cancel;
pub mod s15_half_read;
pub mod s16_cleanup;
pub mod s17_no_lock;
pub mod s18_callbacks;
pub mod s19_countdowns;
pub mod s20_waiting;
pub mod s21_nursery;
pub mod s22_flags;
