//! Chapter 5: servers.
//!
//! The modules in reading order:
//!
//! - [`echo`]: a server on blocking sockets has one client at a time.
//! - [`echo_threads`]: a thread for each connection.
//! - [`echo_ready`]: one thread that asks who is ready.
//! - [`echo_protocol`]: the same loop, which calls a protocol.
//! - [`echo_tokio`]: a task for each connection.
//! - [`echo_tasks`]: the same await on a loop of our own.
//! - [`load`]: a load generator, and what it can overlook.
//! - [`animals`]: slow answers, and three ways to wait for them.
//! - [`fib`]: computing in a server.
//! - [`ordered`]: two tasks that answer one client.
//! - [`flags`]: files from a map, slow and faulty on demand.
//! - [`no_timeouts`]: a client that says nothing stays for ever.
//! - [`stuck_drain`]: an end that waits for everybody.
//! - [`long_line`]: a line without an end.
//! - [`slow_reader`]: answers that nobody reads.
//! - [`descriptors`]: an `accept` that fails again and again.
//! - [`panics`]: a handler that panics, and the lock that it held.
//! - [`escapes`]: what a stranger writes into the log.
//! - [`traversal`]: a path that leads out of the root.
//! - [`too_many`]: more connections than a server can hold.
//! - [`finder`]: an inverted index of the characters' names.
//! - [`tcp`]: the index behind a TCP server, a query a line.
//! - [`web`]: the index behind a web page and a JSON API.
//! - [`heavy_query`]: what one heavy query does to everybody else.
//! - [`several`]: processes that share a port, and one that is killed.
//! - [`balanced`]: processes behind nginx, and one that is killed.
//! - [`http2`]: a protocol that another crate turned on.
//! - [`signs`]: a delay that blocks, or waits, by a flag.
//! - [`chaos`]: a proxy that fails before a server that does not.
//! - [`sync`]: the finder's web service again, without async.
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
pub mod serve;
pub mod signals;
