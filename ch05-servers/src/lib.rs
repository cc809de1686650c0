//! Chapter 5: servers.
//!
//! The modules in reading order:
//!
//! - [`s01_echo`]: a server on blocking sockets has one client at a time.
//! - [`s02_echo_threads`]: a thread for each connection.
//! - [`s03_echo_ready`]: one thread that asks who is ready.
//! - [`s04_echo_protocol`]: the same loop, which calls a protocol.
//! - [`s05_echo_tokio`]: a task for each connection.
//! - [`s06_echo_tasks`]: the same await on a loop of our own.
//! - [`s07_load`]: a load generator, and what it can overlook.
//! - [`s08_animals`]: slow answers, and three ways to wait for them.
//! - [`s09_fib`]: computing in a server.
//! - [`s10_ordered`]: two tasks that answer one client.
//! - [`s11_flags`]: files from a map, slow and faulty on demand.
//! - [`s12_no_timeouts`]: a client that says nothing stays for ever.
//! - [`s13_stuck_drain`]: an end that waits for everybody.
//! - [`s14_long_line`]: a line without an end.
//! - [`s15_slow_reader`]: answers that nobody reads.
//! - [`s16_descriptors`]: an `accept` that fails again and again.
//! - [`s17_panics`]: a handler that panics, and the lock that it held.
//! - [`s18_escapes`]: what a stranger writes into the log.
//! - [`s19_traversal`]: a path that leads out of the root.
//! - [`s20_too_many`]: more connections than a server can hold.
//! - [`s21_finder`]: an inverted index of the characters' names.
//! - [`s22_tcp`]: the index behind a TCP server, a query a line.
//! - [`s23_web`]: the index behind a web page and a JSON API.
//! - [`s24_heavy_query`]: what one heavy query does to everybody else.
//! - [`s25_several`]: processes that share a port, and one that is killed.
//! - [`s26_balanced`]: processes behind nginx, and one that is killed.
//! - [`s27_http2`]: a protocol that another crate turned on.
//! - [`s28_signs`]: a delay that blocks, or waits, by a flag.
//! - [`s29_chaos`]: a proxy that fails before a server that does not.
//! - [`s30_sync`]: the finder's web service again, without async.
//! - [`echoes`]: the clients that all five meet.
//! - [`knock`]: a client that may stop in the middle of a word.
//! - [`serve`]: what the servers stand on: accept, limit, isolate, drain.
//! - [`interrupt`]: how a program ends early.
//! - [`signals`]: the signals that ask for it.
//! - [`parent`]: child processes that end with their parent.

pub mod echoes;
pub mod interrupt;
pub mod knock;
pub mod parent;
pub mod s01_echo;
pub mod s02_echo_threads;
pub mod s03_echo_ready;
pub mod s04_echo_protocol;
pub mod s05_echo_tokio;
pub mod s06_echo_tasks;
pub mod s07_load;
pub mod s08_animals;
pub mod s09_fib;
pub mod s10_ordered;
pub mod s11_flags;
pub mod s12_no_timeouts;
pub mod s13_stuck_drain;
pub mod s14_long_line;
pub mod s15_slow_reader;
pub mod s16_descriptors;
pub mod s17_panics;
pub mod s18_escapes;
pub mod s19_traversal;
pub mod s20_too_many;
pub mod s21_finder;
pub mod s22_tcp;
pub mod s23_web;
pub mod s24_heavy_query;
pub mod s25_several;
pub mod s26_balanced;
pub mod s27_http2;
pub mod s28_signs;
pub mod s29_chaos;
pub mod s30_sync;
pub mod serve;
pub mod signals;
