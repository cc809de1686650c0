//! `RwLock`: several readers at once, or one writer.
//!
//! Three readers wait for each other while they hold the lock: with a `Mutex`
//! this section would not end.
//!
//! cargo run -p ch01-threads -- rwlock

use std::sync::{Barrier, RwLock};
use std::thread;

/// Lets three readers in at once, then tries to write among them, then after.
pub fn demo() {
    let menu = RwLock::new(vec!["soup"]);
    let (inside, tried) = (Barrier::new(4), Barrier::new(4));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let menu = menu.read().expect("reading does not panic");
                // No reader leaves before all three readers are here.
                inside.wait();
                tried.wait();
                drop(menu);
            });
        }
        inside.wait();
        println!("three readers are inside");
        println!("one more reader: {}", menu.try_read().is_ok());
        println!("a writer: {}", menu.try_write().is_ok());
        tried.wait();
    });
    menu.write().expect("reading does not panic").push("bread");
    println!("after them: {:?}", menu.into_inner().unwrap_or_default());
}
