//! Every visitor gets a number: `fetch_add` counts and returns it in one step.

use exercise_harness::sync::atomic::{AtomicU64, Ordering};

/// Counts visitors.
#[derive(Default)]
pub struct Visitors {
    count: AtomicU64,
}

impl Visitors {
    /// Lets a visitor in and returns their number: 1, 2, 3 …
    pub fn visit(&self) -> u64 {
        // `fetch_add` returns each earlier value to one thread only.
        1 + self.count.fetch_add(1, Ordering::SeqCst)
    }

    /// Returns the number of visits.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}
