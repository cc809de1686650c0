//! A gate that opens when all have come. Yours to write.
//!
//! cargo xtask exercise ch01 latch

use exercise_harness::sync::Mutex;

/// Lets those who wait go on when the last has arrived.
pub struct Latch {
    missing: Mutex<usize>,
}

impl Latch {
    /// Makes a latch for so many arrivals.
    pub fn new(arrivals: usize) -> Latch {
        Latch {
            missing: Mutex::new(arrivals),
        }
    }

    /// Counts one arrival. Does not wait.
    pub fn arrive(&self) {
        todo!("count, and tell those who wait")
    }

    /// Waits for the last arrival.
    pub fn wait(&self) {
        todo!("sleep while somebody is missing")
    }
}
