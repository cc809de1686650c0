//! What was moved into a thread cannot be used by the caller any more.
//!
//! cargo check -q -p ch01-threads --features refused --example moved_text

use std::thread;

fn main() {
    let text = String::from("a cup of tea");
    let counter = thread::spawn(move || text.split_whitespace().count());
    println!("{:?} in {text}", counter.join());
}
