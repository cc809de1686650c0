//! The guard of a lock must not go to another thread.
//!
//! cargo check -q -p ch01-threads --features refused --example sent_guard

use std::sync::Mutex;
use std::thread;

fn main() {
    let total = Mutex::new(0);
    let guard = total.lock();
    thread::scope(|scope| {
        scope.spawn(move || drop(guard));
    });
}
