//! Chapter 5: servers.
//!
//! The modules in reading order:
//!
//! - [`s01_echo`]: a server on blocking sockets has one client at a time.
//! - [`serve`]: what the servers stand on: accept, limit, isolate, drain.
//! - [`interrupt`]: what Ctrl-C does.

pub mod interrupt;
pub mod s01_echo;
pub mod serve;
