//! Chapter 4: async.
//!
//! The modules in reading order:
//!
//! - [`spinner`]: a task is stopped by dropping it; what that means.
//! - [`poll`]: a future, polled by hand.
//! - [`block_on`]: waiting for one, and what wakes the waiter.
//! - [`timer`]: a clock that can be waited for.
//! - [`executor`]: many tasks on one thread.
//! - [`join`]: many futures in one task.
//! - [`state_machine`]: what an `async fn` is compiled to.
//! - [`runtimes`]: the same future on four loops.
//! - [`frozen`]: a call that blocks stops every task of its thread.
//! - [`nap`]: giving way by hand, and what it costs.
//! - [`watchdog`]: finding the call that blocks.
//! - [`inert`]: a call that runs nothing, and three ways to run it.
//! - [`eight_points`]: a task compared with a thread.
//! - [`unfinished`]: asking for a result that is not there.
//! - [`cancel`]: what an abort reaches.
//! - [`half_read`]: what a read that is dropped has lost.
//! - [`cleanup`]: ending what needs an await to be ended.
//! - [`no_lock`]: when a lock is not needed, and when it does not help.
//! - [`callbacks`]: what `async` replaces.
//! - [`countdowns`]: many waits on one thread, in an exact order.
//! - [`streams`]: iterating over what is not there yet.
//! - [`waiting`]: all, the first, each as it comes, and no longer.
//! - [`nursery`]: tasks that end with their block.
//! - [`flags`]: the downloader: sequential, threads, async.
//! - [`throttle`]: so many at a time.
//! - [`futurelock`]: a deadlock with one lock and one task.
//! - [`sticky`]: an error counted twice.
//! - [`animals`]: three lines typed at once, whole, without a lock.
//! - [`shell`]: lines from a person, awaited beside everything else.
//! - [`latency`]: what each step costs, measured on your machine.
//! - [`memory`]: what one more thread, process or task weighs.
//! - [`crowd`]: a hundred thousand tasks.
//! - [`panic`]: what a panic leaves behind, and whom it reaches.
//! - [`colour`]: the lines that threads and tasks share.
//! - [`interrupt`]: how a program ends early.
//! - [`signals`]: the signals that ask for it.
//! - [`parent`]: child processes that end with their parent.
//! - [`sync`]: what `no-lock` counts and locks with.

pub mod interrupt;
#[cfg(test)]
mod limit;
pub mod parent;
pub mod spinner;
pub mod poll;
pub mod block_on;
pub mod timer;
pub mod executor;
pub mod join;
pub mod state_machine;
pub mod runtimes;
pub mod frozen;
pub mod nap;
pub mod watchdog;
pub mod inert;
pub mod eight_points;
pub mod unfinished;
pub mod cancel;
pub mod half_read;
pub mod cleanup;
pub mod no_lock;
pub mod callbacks;
pub mod countdowns;
pub mod streams;
pub mod waiting;
pub mod nursery;
pub mod flags;
pub mod throttle;
pub mod futurelock;
pub mod sticky;
pub mod animals;
pub mod shell;
pub mod latency;
pub mod memory;
pub mod crowd;
pub mod panic;
pub mod colour;
pub mod signals;
pub mod sync;
