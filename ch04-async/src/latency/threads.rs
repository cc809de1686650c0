//! Threads, which the system has to know of.

use std::io;
use std::sync::mpsc;
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

/// Sends a number to and fro between two threads, `times` ways in all.
///
/// # Errors
///
/// There is no thread to be had.
pub fn hand_off(times: u32) -> io::Result<Duration> {
    let (to, there) = mpsc::channel();
    let (back, from) = mpsc::channel();
    thread::scope(|scope| {
        Builder::new().spawn_scoped(scope, move || {
            for n in there {
                back.send(n).expect("the other thread waits for it");
            }
        })?;
        let start = Instant::now();
        for n in 0..times / 2 {
            to.send(n).expect("the other thread waits for it");
            assert_eq!(from.recv(), Ok(n));
        }
        let took = start.elapsed();
        // The other thread's loop ends with this end of its channel.
        drop(to);
        Ok(took)
    })
}

/// Starts threads, and joins each before the next.
///
/// # Errors
///
/// There is no thread to be had.
pub fn spawn(times: u32) -> io::Result<Duration> {
    let start = Instant::now();
    for n in 0..times {
        let answer = Builder::new().spawn(move || n)?.join();
        assert_eq!(answer.expect("no panic"), n);
    }
    Ok(start.elapsed())
}
