//! Chapter 1: threads.
//!
//! One module for each section, in reading order: `main.rs` has the table. What
//! the compiler must refuse is in a section's `refused.rs`.
//!
//! [`numbers`] is work for a processor, [`sync`] where the chapter's own
//! primitives get their locks from.

pub mod spinner;
pub mod flag;
pub mod lifecycle;
pub mod scope;
pub mod data_race;
pub mod lost_update;
pub mod lock;
pub mod animals;
pub mod garbled;
pub mod locked;
pub mod deadlocked;
pub mod poisoned;
pub mod lock_order;
pub mod condvar;
pub mod rwlock;
pub mod barrier;
pub mod once;
pub mod channels;
pub mod bounded;
pub mod park;
pub mod thread_local;
pub mod orderings;
pub mod pool;
pub mod futures;
pub mod busy;
pub mod primes;
pub mod too_many;

pub mod numbers;
pub mod sync;
