//! Chapter 1: threads.
//!
//! The modules in reading order:
//!
//! - [`spinner`]: a thread works until it is told to stop, and is told
//!   whatever happens.
//! - [`flag`]: a flag wakes nobody; an event does.
//! - [`lifecycle`]: from spawn to join, and what the end of `main` does to
//!   the rest.
//! - [`scope`]: threads that borrow from their caller.
//! - [`data_race`]: what is left when `counter += 1` is refused.
//! - [`lost_update`]: two atomic steps are not one.
//! - [`lock`]: the guard is the `with` block.
//! - [`animals`]: a slow API, asked by one thread; the server is in its
//!   folder.
//! - [`garbled`]: three threads, one terminal, no lock.
//! - [`locked`]: the lock around the typing and nothing else.
//! - [`deadlocked`]: a guard that is forgotten.
//! - [`poisoned`]: a panic under the lock, and who hears of it.
//! - [`lock_order`]: a deadlock that no type prevents.
//! - [`condvar`]: a queue for two threads, with `while` and with `if`.
//! - [`rwlock`]: a lock with two ways in.
//! - [`barrier`]: threads that go on together.
//! - [`once`]: `OnceLock` and `LazyLock`.
//! - [`channels`]: workers without a poison pill.
//! - [`bounded`]: room for n items, or for none.
//! - [`park`]: an event made of a flag and a token.
//! - [`thread_local`]: state that needs no lock.
//! - [`orderings`]: each of them, with its reason.
//!
//! [`numbers`] is work for a processor, [`sync`] where the chapter's own
//! primitives get their locks from, [`signals`] what ends the program early.
//! - [`pool`]: submit, map, panics that are reported, a drop that is
//!   defined.
//! - [`futures`]: cancelling, time limits, callbacks, results as they come.
//! - [`busy`]: two threads that both compute.
//! - [`primes`]: in turn, with threads, with rayon; and what Python makes
//!   of it.
//! - [`too_many`]: what refuses when there are too many.
//!
//! Programs that the compiler must refuse are in `refused/`.

pub mod numbers;
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
pub mod signals;
pub mod sync;
