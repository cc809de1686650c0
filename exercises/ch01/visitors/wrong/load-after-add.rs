//! The count is right, but the number comes from a second step, a load.

use exercise_harness::sync::atomic::{AtomicU64, Ordering};

/// Counts visitors.
#[derive(Default)]
pub struct Visitors {
    count: AtomicU64,
}

impl Visitors {
    /// Lets a visitor in and returns their number: 1, 2, 3 …
    pub fn visit(&self) -> u64 {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.count.load(Ordering::SeqCst)
    }

    /// Returns the number of visits.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}
