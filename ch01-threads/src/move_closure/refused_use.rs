//! A caller must not use a value that it has moved into a thread.
//!
//! cargo check -q -p ch01-threads --features refused --example moved_text

use std::thread;

fn main() {
    let text = String::from("a cup of tea");
    let counter = thread::spawn(move || text.split_whitespace().count());
    println!("{:?} in {text}", counter.join());
}
