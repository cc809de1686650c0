//! Five small programs, to predict before you run them.
//!
//! cargo run -p ch01-threads -- threads-recap

pub mod cli;

use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Changes a number in a thread and in its caller.
pub fn moved() {
    let mut n = 1;
    let adder = thread::spawn(move || {
        n += 1;
        n
    });
    let inside = adder.join().expect("adding does not panic");
    n += 10;
    println!("thread: {inside}, main: {n}");
}

/// Counts the handles that are left when a thread has ended.
pub fn handles() {
    let menu = Arc::new(["tea", "soup"]);
    let kept = Arc::clone(&menu);
    let given = Arc::clone(&menu);
    let cook = thread::spawn(move || given[0]);
    let dish = cook.join().expect("cooking does not panic");
    println!("{dish}, handles: {}", Arc::strong_count(&kept));
}

/// Panics while a lock is held, and looks at the lock afterwards.
pub fn panicked() {
    let total = Arc::new(Mutex::new(0));
    let shared = Arc::clone(&total);
    let unlucky = thread::spawn(move || {
        let mut total = shared.lock().expect("no thread has panicked yet");
        *total += 1;
        panic!("after the addition");
    });
    let outcome: thread::Result<()> = unlucky.join();
    println!("join: {}", if outcome.is_ok() { "Ok" } else { "Err" });
    println!("poisoned: {}", total.is_poisoned());
    let total = total.lock().unwrap_or_else(PoisonError::into_inner);
    println!("total: {total}");
}

/// Receives from two senders until both are gone, and once more.
pub fn ended() {
    let (sender, receiver) = mpsc::channel();
    let second = sender.clone();
    // An error would mean that the receiver is gone.
    thread::spawn(move || sender.send(1));
    thread::spawn(move || second.send(2));
    let sum: u32 = receiver.iter().sum();
    println!("sum: {sum}, then {:?}", receiver.recv());
}

/// Sends two items into a channel with room for one, and one into none.
pub fn full() {
    let (sender, receiver) = mpsc::sync_channel(1);
    println!("first: {:?}", sender.try_send("soup"));
    println!("second: {:?}", sender.try_send("tea"));
    drop(receiver);
    println!("third: {:?}", sender.send("rice"));
}
