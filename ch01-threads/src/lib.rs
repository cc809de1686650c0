//! Chapter 1: threads.
//!
//! The modules in reading order:
//!
//! - [`s01_spinner`]: a thread works until it is told to stop, and is told
//!   whatever happens.
//!
//! Programs that the compiler must refuse are in `refused/`.

pub mod s01_spinner;
