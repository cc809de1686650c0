//! Lost update: load and store are two steps, with another thread between.

use exercise_harness::sync::atomic::{AtomicU64, Ordering};

/// Counts visitors.
#[derive(Default)]
pub struct Visitors {
    count: AtomicU64,
}

impl Visitors {
    /// Lets a visitor in and returns their number: 1, 2, 3 …
    pub fn visit(&self) -> u64 {
        let before = self.count.load(Ordering::SeqCst);
        self.count.store(before + 1, Ordering::SeqCst);
        before + 1
    }

    /// Returns the number of visits.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}
