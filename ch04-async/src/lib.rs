//! Chapter 4: async.
//!
//! One module for each section, in reading order: `main.rs` has the table.
//!
//! [`clock`] runs sections on a clock that can be paused, [`interrupt`] is what
//! a signal does to tasks, [`sync`] what `async-mutex` counts and locks with.

pub mod hello;
pub mod inert;
pub mod spawn;
pub mod join;
pub mod countdowns;
pub mod select;
pub mod timeout;
pub mod blocking;
pub mod http_get;
pub mod flags;
pub mod semaphore;
pub mod channels;
pub mod spinner;
pub mod cancel;
pub mod cancel_safety;
pub mod cleanup;
pub mod join_set;
pub mod combinators;
pub mod async_mutex;
pub mod send_futures;
pub mod future;
pub mod poll;
pub mod waker;
pub mod block_on;
pub mod timer;
pub mod executor;
pub mod state_machine;
pub mod pin;
pub mod join_by_hand;
pub mod runtimes;
pub mod async_recap;
pub mod throughput;
pub mod unawaited_save;
pub mod callbacks;
pub mod streams;
pub mod merge;
pub mod async_traits;
pub mod bridging;
pub mod context;
pub mod stuck;
pub mod nap;
pub mod watchdog;
pub mod eight_points;
pub mod unfinished;
pub mod futurelock;
pub mod sticky;
pub mod animals;
pub mod shell;
pub mod latency;
pub mod memory;
pub mod crowd;
pub mod panic;
pub mod colour;

pub mod clock;
pub mod interrupt;
#[cfg(test)]
mod limit;
pub mod sync;
