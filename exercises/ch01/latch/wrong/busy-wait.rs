//! Busy waiting: right, but the waiting thread keeps a processor busy.

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
        while *self.missing.lock().unwrap_or_else(PoisonError::into_inner) > 0 {
            exercise_harness::thread::yield_now();
        }
    }
}
