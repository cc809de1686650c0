//! One call starts a thread, and `join` waits for its answer.
//!
//! Python's `join` returns `None`. Rust's returns what the thread returned, or
//! its panic.
//!
//! cargo run -p ch01-threads -- spawn

pub mod cli;

use std::thread;
use std::time::Duration;

/// Adds the numbers up to 100 in a second thread, and prints the sum.
pub fn sum() {
    let adder = thread::spawn(|| {
        println!("adder: started");
        (1..=100).sum::<u64>()
    });
    println!("main: spawned");
    let sum = adder.join().expect("adding does not panic");
    println!("main: the sum is {sum}");
}

/// Joins a thread that panics.
pub fn fail() {
    let parser = thread::spawn(|| {
        let number: u64 = "12 plates".parse().expect("a number");
        number
    });
    match parser.join() {
        Ok(number) => println!("main: the number is {number}"),
        Err(_) => println!("main: the thread panicked"),
    }
}

/// Returns without joining its thread, which still has a second to go.
pub fn forget() {
    thread::spawn(|| {
        thread::sleep(Duration::from_secs(1));
        println!("thread: ended");
    });
    println!("main: returns");
}
