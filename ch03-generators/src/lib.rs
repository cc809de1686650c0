//! Chapter 3: generators and coroutines.
//!
//! The facility grows in three stages, each whole in itself:
//!
//! 1. [`s03_gen`]: a body that only yields, and an iterator over it.
//! 2. [`s04_send`]: a body that is also sent values.
//! 3. [`coroutine`]: the whole protocol of PEP 342 and PEP 380: send, throw,
//!    close, return values, delegation. All later sections use this one.
//!
//! The modules in reading order:
//!
//! - [`s01_countdown`]: Python's iterator protocol and Rust's are one method
//!   each.
//! - [`s02_lazy`]: what stands in a lazy chain runs when it is asked for.
//! - [`s03_gen`]: a plain generator from an async block, and the state machine
//!   it is.
//! - [`s04_send`]: values go in at the yield; before the first one nobody waits
//!   for them.
//! - [`s05_states`]: one coroutine in each of its states, under each operation.
//! - [`s06_close`]: a body is told to end, tidies up, and has the last word.
//! - [`s07_throw`]: an error travels into the body, which may catch it.
//! - [`s08_reentry`]: a compile error with one owner, a checked error with
//!   several.
//! - [`s09_returns`]: return values, and why the end is not an error.
//! - [`s10_mixing`]: an item that send brings back, and a loop that never sees
//!   it.
//! - [`s11_scope`]: a context manager from a coroutine, and from a Drop.
//! - [`s12_delegation`]: delegation by hand, and delegation.
//! - [`s13_grouper`]: who talks to whom, and what a group that is not ended
//!   loses.
//! - [`s14_frames`]: a stack of bodies in the driver, against a chain of
//!   objects.
//! - [`s15_recursion`]: trees and nested lists, without boxes or a deep stack.
//! - [`s16_trampoline`]: calls by yielding, what the first loop loses, and the
//!   cure.
//! - [`s17_pipeline`]: pulling lines out of a log that is being written.
//! - [`s18_push`]: the source sends, the sink receives, and the end travels
//!   down.
//! - [`s19_object`]: the same filter as a struct, and which of the two is
//!   faster.
//! - [`s20_events`]: three sources of XML events under the same stages.
//! - [`s21_carriers`]: a stage in line, in a thread, in a process, behind a
//!   socket.
//! - [`s22_libraries`]: what std has, and the sections in which to take more.
//! - [`s23_taxi`]: a simulation in which time jumps from event to event.
//! - [`s24_launch_pad`]: a loop with a sorted list of who waits until when.
//! - [`s25_human`]: a loop that is you.
//! - [`s26_by_hand`]: three coroutines, resumed to their end and beyond.
//!
//! [`options`] reads the command line of the sections that are programs.

pub mod coroutine;
pub mod options;

pub mod s01_countdown;
pub mod s02_lazy;
pub mod s03_gen;
pub mod s04_send;
pub mod s05_states;
pub mod s06_close;
pub mod s07_throw;
pub mod s08_reentry;
pub mod s09_returns;
pub mod s10_mixing;
pub mod s11_scope;
pub mod s12_delegation;
pub mod s13_grouper;
pub mod s14_frames;
pub mod s15_recursion;
pub mod s16_trampoline;
pub mod s17_pipeline;
pub mod s18_push;
pub mod s19_object;
pub mod s20_events;
pub mod s21_carriers;
pub mod s22_libraries;
pub mod s23_taxi;
pub mod s24_launch_pad;
pub mod s25_human;
pub mod s26_by_hand;
