//! Chapter 3: generators and coroutines.
//!
//! The modules in reading order:
//!
//! - [`s01_countdown`]: Python's iterator protocol and Rust's are one method
//!   each.

pub mod s01_countdown;
