//! The last arrival wakes one of those who wait.

use exercise_harness::sync::{Condvar, Mutex, PoisonError};

/// Lets those who wait go on when the last has arrived.
pub struct Latch {
    missing: Mutex<usize>,
    open: Condvar,
}

impl Latch {
    /// Makes a latch for so many arrivals.
    pub fn new(arrivals: usize) -> Latch {
        Latch {
            missing: Mutex::new(arrivals),
            open: Condvar::new(),
        }
    }

    /// Counts one arrival. Does not wait.
    pub fn arrive(&self) {
        let missing = self.missing.lock();
        let mut missing = missing.unwrap_or_else(PoisonError::into_inner);
        *missing = missing.saturating_sub(1);
        if *missing == 0 {
            self.open.notify_one();
        }
    }

    /// Waits for the last arrival.
    pub fn wait(&self) {
        let missing = self.missing.lock();
        let mut missing = missing.unwrap_or_else(PoisonError::into_inner);
        // From here to the sleep nobody else can arrive.
        while *missing > 0 {
            let woken = self.open.wait(missing);
            missing = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}
