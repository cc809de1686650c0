//! No thread begins the second part before all have ended the first.
//!
//! A barrier lets a fixed number of threads through together, and picks one of
//! them as the leader.
//!
//! cargo run -p ch01-threads -- barrier

use std::sync::Barrier;
use std::thread;

/// Lays a table with three threads, and has it served when all is laid.
pub fn demo() {
    let tools = ["forks", "knives", "spoons"];
    let barrier = Barrier::new(tools.len());
    thread::scope(|scope| {
        for tool in tools {
            let barrier = &barrier;
            scope.spawn(move || {
                println!("[{tool}] laid");
                if barrier.wait().is_leader() {
                    println!("the table is laid");
                }
                // The same barrier serves again: here for the leader's word.
                barrier.wait();
                println!("[{tool}] used");
            });
        }
    });
}
