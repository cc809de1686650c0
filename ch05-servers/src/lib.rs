//! Chapter 5: servers.
//!
//! One module for each section, in reading order: `main.rs` has the table.
//!
//! [`serve`] is what the servers stand on: accept, limit, isolate, drain.
//! [`interrupt`] is how they end early, [`raw_client`] a client that may stop in
//! the middle of a word, [`echoes`] the clients that all five echo servers meet.

pub mod echo;
pub mod echo_threads;
pub mod echo_ready;
pub mod echo_protocol;
pub mod echo_tokio;
pub mod echo_tasks;
pub mod load;
pub mod animals;
pub mod fib;
pub mod ordered;
pub mod flags;
pub mod no_timeouts;
pub mod stuck_drain;
pub mod long_line;
pub mod slow_reader;
pub mod descriptors;
pub mod panics;
pub mod escapes;
pub mod traversal;
pub mod too_many;
pub mod finder;
pub mod tcp;
pub mod web;
pub mod heavy_query;
pub mod several;
pub mod balanced;
pub mod http2;
pub mod signs;
pub mod chaos;
pub mod sync;

pub mod echoes;
pub mod interrupt;
pub mod raw_client;
pub mod serve;
