//! Preemption: a main thread that computes does not stop the spinner.
//!
//! The main thread never waits. The kernel interrupts it and lets the spinner
//! run, also on a machine with one processor.
//!
//! cargo run -p ch01-threads -- busy

pub mod cli;

use std::convert::Infallible;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::numbers::is_prime;

const PRIME: u64 = 1_000_000_000_039;

/// Tests a number over and over until a spinner has drawn `frames` frames.
///
/// Returns how often. It would never return if computing stopped the spinner.
pub fn compute_until(frames: u32) -> u32 {
    let (drawn, computing) = (AtomicU32::new(0), AtomicBool::new(true));
    thread::scope(|scope| {
        scope.spawn(|| {
            while computing.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(20));
                drawn.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut tests = 0;
        while drawn.load(Ordering::Relaxed) < frames {
            assert!(is_prime(PRIME));
            tests += 1;
        }
        computing.store(false, Ordering::Relaxed);
        tests
    })
}

/// Computes for as long as five frames take.
pub fn demo() {
    let tests = compute_until(5);
    eprintln!("{tests} prime tests meanwhile");
    println!("frames drawn while main computed: 5");
}

/// Tests `n` ten times while a spinner draws a frame every 100 ms.
///
/// Returns whether `n` is prime, and how many frames the spinner has drawn.
pub fn test_beside_spinner(n: u64) -> (bool, u32) {
    let (computing, done) = mpsc::channel::<Infallible>();
    let frame = Duration::from_millis(100);
    thread::scope(|scope| {
        let spinner = scope.spawn(move || {
            let mut frames = 0;
            while done.recv_timeout(frame) == Err(RecvTimeoutError::Timeout) {
                frames += 1;
            }
            frames
        });
        // Ten times: once is too quick to count frames.
        let prime = (0..10).all(|_| is_prime(black_box(n)));
        drop(computing);
        (prime, spinner.join().expect("counting does not panic"))
    })
}

/// Prints the spinner's frames per second beside the test of one large prime.
pub fn demo_prime() {
    let (n, start) = (5_000_111_000_222_021, Instant::now());
    let (prime, frames) = test_beside_spinner(n);
    let ms = start.elapsed().as_millis();
    println!("{n} is prime: {prime}");
    println!("{frames} frames in {ms} ms");
    println!(
        "frames per second: {:.1}",
        f64::from(frames) * 1e3 / ms as f64
    );
}
