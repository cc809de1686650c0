//! Two threads that add to one variable must not compile.
//!
//! cargo check -q -p ch01-threads --features refused --example shared_counter

use std::thread;

fn main() {
    let mut counter = 0;
    thread::scope(|scope| {
        scope.spawn(|| counter += 1);
        scope.spawn(|| counter += 1);
    });
    println!("{counter}");
}
