//! `Arc` gives several threads one value to read.
//!
//! Cloning an `Arc` makes another handle and counts it; the value is not
//! copied. `Rc` counts as well, but not across threads: `src/arc/refused.rs`.
//!
//! cargo run -p ch01-threads -- arc

use std::sync::Arc;
use std::thread;

/// Lets three threads read one menu, and counts the handles to it.
pub fn demo() {
    let menu = Arc::new(["tea", "soup", "rice"]);
    println!("handles: {}", Arc::strong_count(&menu));

    let handles: Vec<_> = (0..3).map(|_| Arc::clone(&menu)).collect();
    println!("handles: {}", Arc::strong_count(&menu));

    let cooks: Vec<_> = handles
        .into_iter()
        .enumerate()
        .map(|(i, menu)| thread::spawn(move || menu[i]))
        .collect();
    for cook in cooks {
        println!("cooked: {}", cook.join().expect("a menu has three dishes"));
    }
    println!("handles: {}", Arc::strong_count(&menu));
}
