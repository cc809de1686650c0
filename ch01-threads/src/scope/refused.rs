//! A thread that may outlive its caller must not borrow from it.
//!
//! cargo check -q -p ch01-threads --features refused --example borrowing_spawn

use std::thread;

fn main() {
    let numbers = vec![1, 2, 3];
    let worker = thread::spawn(|| {
        println!("{numbers:?}");
    });
    worker.join().unwrap();
}
