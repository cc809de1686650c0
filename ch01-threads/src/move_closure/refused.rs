//! A closure that borrows must not go into a thread of its own.
//!
//! cargo check -q -p ch01-threads --features refused --example borrowed_text

use std::thread;

fn main() {
    let text = String::from("a cup of tea");
    let counter = thread::spawn(|| text.split_whitespace().count());
    println!("{:?}", counter.join());
}
