//! `Barrier`: no thread begins part two before all have finished part one.
//!
//! A barrier lets a fixed number of threads through together, and picks one of
//! them as the leader.
//!
//! cargo run -p ch01-threads -- barrier

use std::sync::Barrier;
use std::thread;

/// Lays a table with three threads; the leader serves when all have finished.
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
                // A barrier can be reused: now they wait for the leader.
                barrier.wait();
                println!("[{tool}] used");
            });
        }
    });
}
