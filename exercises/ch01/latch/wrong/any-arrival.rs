//! Every arrival wakes the waiting threads, which do not re-check the count.

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
        self.open.notify_all();
    }

    /// Waits for the last arrival.
    pub fn wait(&self) {
        let missing = self.missing.lock();
        let mut missing = missing.unwrap_or_else(PoisonError::into_inner);
        // The lock is held until `wait` sleeps: no arrival comes between.
        if *missing > 0 {
            let woken = self.open.wait(missing);
            missing = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}
