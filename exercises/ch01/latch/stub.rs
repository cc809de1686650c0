//! A latch. Yours to write.
//!
//! cargo xtask exercise ch01 latch

use exercise_harness::sync::Mutex;

/// Lets the waiting threads go on after the last arrival.
pub struct Latch {
    missing: Mutex<usize>,
}

impl Latch {
    /// Makes a latch for `arrivals` arrivals.
    pub fn new(arrivals: usize) -> Latch {
        Latch {
            missing: Mutex::new(arrivals),
        }
    }

    /// Counts one arrival. Does not wait.
    pub fn arrive(&self) {
        todo!("count, and wake the waiting threads")
    }

    /// Waits for the last arrival.
    pub fn wait(&self) {
        todo!("sleep while an arrival is missing")
    }
}
