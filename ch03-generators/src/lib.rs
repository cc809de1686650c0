//! Chapter 3: generators and coroutines.
//!
//! The facility grows in three stages, each whole in itself:
//!
//! 1. `s03_gen`: a body that only yields, and an iterator over it.
//! 2. `s04_send`: a body that is also sent values.
//! 3. [`coroutine`]: the whole protocol of PEP 342 and PEP 380: send, throw,
//!    close, return values, delegation. All later sections use this one.
//!
//! The modules in reading order:
//!
//! - [`s01_countdown`]: Python's iterator protocol and Rust's are one method
//!   each.

pub mod coroutine;

pub mod s01_countdown;
