//! Chapter 5: servers.
//!
//! The modules in reading order:
//!
//! - [`s01_echo`]: a server on blocking sockets has one client at a time.
//! - [`interrupt`]: what Ctrl-C does.

pub mod interrupt;
pub mod s01_echo;
