//! Chapter 1: threads.
//!
//! One module for each section, in reading order: `main.rs` has the table. A
//! program that the compiler must refuse is in a section's `refused.rs`.
//!
//! [`numbers`] is CPU-bound work; from [`sync`] the chapter's own primitives
//! import their locks.

pub mod spawn;
pub mod move_closure;
pub mod arc;
pub mod mutex;
pub mod send_sync;
pub mod scope;
pub mod channel;
pub mod spinner;
pub mod stop_flag;
pub mod data_race;
pub mod lost_update;
pub mod animals;
pub mod garbled;
pub mod locked;
pub mod deadlocked;
pub mod poisoned;
pub mod lock_order;
pub mod bounded_channel;
pub mod first_pool;
pub mod thread_pool;
pub mod pool_handles;
pub mod primes;
pub mod threads_recap;
pub mod condvar;
pub mod rwlock;
pub mod barrier;
pub mod once;
pub mod park;
pub mod thread_local;
pub mod orderings;
pub mod lifecycle;
pub mod busy;
pub mod too_many;
pub mod concurrency;

pub mod numbers;
pub mod sync;
