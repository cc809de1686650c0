//! Backpressure: a full `sync_channel` makes the sender wait.
//!
//! `channel()` takes every item, and memory is the limit. `sync_channel(n)` has
//! room for n items.
//!
//! cargo run -p ch01-threads -- bounded-channel

use std::hint::black_box;
use std::sync::mpsc::{self, TrySendError};
use std::thread;

/// Sends `items` items of 1 KiB through a channel with room for 16.
///
/// Returns the bytes that arrived. The receiver copies each item ten times, the
/// sender only once, so the sender waits for the receiver.
pub fn send_through(items: usize) -> usize {
    let (tx, rx) = mpsc::sync_channel::<Vec<u8>>(16);
    thread::scope(|scope| {
        scope.spawn(move || {
            for _ in 0..items {
                tx.send(vec![1; 1024]).expect("the receiver takes all");
            }
        });
        // The iterator owns the receiver: if the loop panics, `send` returns an
        // error instead of waiting for room for ever.
        rx.into_iter()
            .map(|item| {
                for _ in 0..10 {
                    black_box(item.clone());
                }
                item.len()
            })
            .sum()
    })
}

/// Fills a channel with room for two, then one with room for none.
pub fn demo() {
    let (tx, rx) = mpsc::sync_channel(2);
    for plate in 1..=3 {
        match tx.try_send(plate) {
            Ok(()) => println!("plate {plate}: on the shelf"),
            Err(TrySendError::Full(_)) => println!("plate {plate}: no room"),
            Err(TrySendError::Disconnected(_)) => println!("no receiver"),
        }
    }
    println!("taken: plate {}", rx.recv().unwrap_or(0));
    println!("plate 3 again: {}", tx.try_send(3).is_ok());

    // Room for no item: the sender waits until the receiver calls `recv`.
    let (tx, rx) = mpsc::sync_channel(0);
    println!("no receiver waits: {}", tx.try_send("hand to hand").is_ok());
    thread::scope(|scope| {
        scope.spawn(move || tx.send("hand to hand"));
        println!("a receiver waits: {}", rx.recv().unwrap_or("nothing"));
    });

    println!(
        "4 MB in 1 KiB items through 16 KiB: {} bytes",
        send_through(4000)
    );
}
