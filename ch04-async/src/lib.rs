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
//! - [`s11_watchdog`]: finding the call that blocks.
//! - [`s12_inert`]: a call that runs nothing, and three ways to run it.
//! - [`s13_eight_points`]: a task compared with a thread.
//! - [`s14_unfinished`]: asking for a result that is not there.
//! - [`s15_cancel`]: what an abort reaches.
//! - [`s16_half_read`]: what a read that is dropped has lost.
//! - [`s17_cleanup`]: ending what needs an await to be ended.
//! - [`s18_no_lock`]: when a lock is not needed, and when it does not help.
//! - [`s19_callbacks`]: what `async` replaces.
//! - [`s20_countdowns`]: many waits on one thread, in an exact order.
//! - [`s21_streams`]: iterating over what is not there yet.
//! - [`s22_waiting`]: all, the first, each as it comes, and no longer.
//! - [`s23_nursery`]: tasks that end with their block.
//! - [`s24_flags`]: the downloader: sequential, threads, async.
//! - [`s25_throttle`]: so many at a time.
//! - [`s26_futurelock`]: a deadlock with one lock and one task.
//! - [`s27_sticky`]: an error counted twice.
//! - [`s28_animals`]: three lines typed at once, whole, without a lock.
//! - [`s29_shell`]: lines from a person, awaited beside everything else.
//! - [`s30_latency`]: what each step costs, measured on your machine.
//! - [`s31_memory`]: what one more thread, process or task weighs.
//! - [`s32_crowd`]: a hundred thousand tasks.
//! - [`s33_panic`]: what a panic leaves behind, and whom it reaches.
//! - [`s34_colour`]: the lines that threads and tasks share.
//! - [`interrupt`]: how a program ends early.
//! - [`signals`]: the signals that ask for it.
//! - [`parent`]: child processes that end with their parent.
//! - [`sync`]: what `no-lock` counts and locks with.

pub mod interrupt;
#[cfg(test)]
mod limit;
pub mod parent;
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
pub mod s11_watchdog;
pub mod s12_inert;
pub mod s13_eight_points;
pub mod s14_unfinished;
pub mod s15_cancel;
pub mod s16_half_read;
pub mod s17_cleanup;
pub mod s18_no_lock;
pub mod s19_callbacks;
pub mod s20_countdowns;
pub mod s21_streams;
pub mod s22_waiting;
pub mod s23_nursery;
pub mod s24_flags;
pub mod s25_throttle;
pub mod s26_futurelock;
pub mod s27_sticky;
pub mod s28_animals;
pub mod s29_shell;
pub mod s30_latency;
pub mod s31_memory;
pub mod s32_crowd;
pub mod s33_panic;
pub mod s34_colour;
pub mod signals;
pub mod sync;
