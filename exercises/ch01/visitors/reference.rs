//! Every visitor gets a number: one step counts and tells.

use exercise_harness::sync::atomic::{AtomicU64, Ordering};

/// Counts visitors.
#[derive(Default)]
pub struct Visitors {
    count: AtomicU64,
}

impl Visitors {
    /// Lets a visitor in and returns their number: 1, 2, 3 …
    pub fn visit(&self) -> u64 {
        // What was there before nobody else has been told.
        1 + self.count.fetch_add(1, Ordering::SeqCst)
    }

    /// Says how many there have been.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}
