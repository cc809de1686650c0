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

pub mod coroutine;

pub mod s01_countdown;
pub mod s02_lazy;
pub mod s03_gen;
pub mod s04_send;
