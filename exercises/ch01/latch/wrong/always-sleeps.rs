//! A thread that waits at an open latch sleeps, and no arrival wakes it.

use exercise_harness::sync::{Condvar, Mutex, PoisonError};

/// Lets the waiting threads go on after the last arrival.
pub struct Latch {
    missing: Mutex<usize>,
    open: Condvar,
}

impl Latch {
    /// Makes a latch for `arrivals` arrivals.
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
            self.open.notify_all();
        }
    }

    /// Waits for the last arrival.
    pub fn wait(&self) {
        let missing = self.missing.lock();
        let mut missing = missing.unwrap_or_else(PoisonError::into_inner);
        loop {
            let woken = self.open.wait(missing);
            missing = woken.unwrap_or_else(PoisonError::into_inner);
            if *missing == 0 {
                return;
            }
        }
    }
}
