//! Every visitor gets a number. Yours to finish.
//!
//! cargo xtask exercise ch01 visitors

use exercise_harness::sync::atomic::{AtomicU64, Ordering};

/// Counts visitors.
#[derive(Default)]
pub struct Visitors {
    count: AtomicU64,
}

impl Visitors {
    /// Lets a visitor in and returns their number: 1, 2, 3 …
    pub fn visit(&self) -> u64 {
        let number = self.count.load(Ordering::SeqCst) + 1;
        self.count.store(number, Ordering::SeqCst);
        number
    }

    /// Returns the number of visits.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}
