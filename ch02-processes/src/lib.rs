//! Chapter 2: processes.
//!
//! The modules in reading order:
//!
//! - [`s01_spinner`]: a process is told to stop through a pipe.
//! - [`interrupt`]: what Ctrl-C does to a parent and its children.

pub mod interrupt;
pub mod s01_spinner;
