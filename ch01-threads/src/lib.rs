//! Chapter 1: threads.
//!
//! The modules in reading order:
//!
//! - [`s01_spinner`]: a thread works until it is told to stop, and is told
//!   whatever happens.
//! - [`s02_flag`]: a flag wakes nobody; an event does.
//! - [`s03_lifecycle`]: from spawn to join, and what the end of `main` does to
//!   the rest.
//! - [`s04_scope`]: threads that borrow from their caller.
//! - [`s05_data_race`]: what is left when `counter += 1` is refused.
//! - [`s06_lost_update`]: two atomic steps are not one.
//! - [`s07_lock`]: the guard is the `with` block.
//! - [`s08_animals`]: a slow API, asked by one thread; the server is in its
//!   folder.
//! - [`s09_garbled`]: three threads, one terminal, no lock.
//! - [`s10_locked`]: the lock around the typing and nothing else.
//! - [`s11_deadlocked`]: a guard that is forgotten.
//! - [`s12_poisoned`]: a panic under the lock, and who hears of it.
//! - [`s13_lock_order`]: a deadlock that no type prevents.
//! - [`s14_condvar`]: a queue for two threads, with `while` and with `if`.
//! - [`s15_rwlock`]: a lock with two ways in.
//! - [`s16_barrier`]: threads that go on together.
//! - [`s17_once`]: `OnceLock` and `LazyLock`.
//! - [`s18_channels`]: workers without a poison pill.
//! - [`s19_bounded`]: room for n items, or for none.
//! - [`s20_park`]: an event made of a flag and a token.
//! - [`s21_thread_local`]: state that needs no lock.
//! - [`s22_orderings`]: each of them, with its reason.
//!
//! [`numbers`] is work for a processor, [`sync`] where the chapter's own
//! primitives get their locks from, [`signals`] what ends the program early.
//! - [`s23_pool`]: submit, map, panics that are reported, a drop that is
//!   defined.
//! - [`s24_futures`]: cancelling, time limits, callbacks, results as they come.
//! - [`s25_busy`]: two threads that both compute.
//! - [`s26_primes`]: in turn, with threads, with rayon; and what Python makes
//!   of it.
//! - [`s27_too_many`]: what refuses when there are too many.
//!
//! Programs that the compiler must refuse are in `refused/`.

pub mod numbers;
pub mod s01_spinner;
pub mod s02_flag;
pub mod s03_lifecycle;
pub mod s04_scope;
pub mod s05_data_race;
pub mod s06_lost_update;
pub mod s07_lock;
pub mod s08_animals;
pub mod s09_garbled;
pub mod s10_locked;
pub mod s11_deadlocked;
pub mod s12_poisoned;
pub mod s13_lock_order;
pub mod s14_condvar;
pub mod s15_rwlock;
pub mod s16_barrier;
pub mod s17_once;
pub mod s18_channels;
pub mod s19_bounded;
pub mod s20_park;
pub mod s21_thread_local;
pub mod s22_orderings;
pub mod s23_pool;
pub mod s24_futures;
pub mod s25_busy;
pub mod s26_primes;
pub mod s27_too_many;
pub mod signals;
pub mod sync;
