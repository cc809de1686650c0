//! Chapter 5: servers.
//!
//! The modules in reading order:
//!
//! - [`s01_echo`]: a server on blocking sockets has one client at a time.
//! - [`s02_finder`]: an inverted index of the characters' names.
//! - [`s03_tcp`]: the index behind a TCP server, a query a line.
//! - [`s04_web`]: the index behind a web page and a JSON API.
//! - [`serve`]: what the servers stand on: accept, limit, isolate, drain.
//! - [`interrupt`]: what Ctrl-C does.

pub mod interrupt;
pub mod s01_echo;
pub mod s02_finder;
pub mod s03_tcp;
pub mod s04_web;
pub mod serve;
