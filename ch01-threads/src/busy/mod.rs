//! Preemption: a main thread that computes does not stop the spinner.
//!
//! The main thread never waits. The kernel interrupts it and lets the spinner
//! run, also on a machine with one processor.
//!
//! cargo run -p ch01-threads -- busy

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

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
