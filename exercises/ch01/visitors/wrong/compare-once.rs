//! `compare_exchange` fails once, and there is no retry.

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
        let swapped = self.count.compare_exchange(
            before,
            before + 1,
            Ordering::SeqCst,
            Ordering::SeqCst,
        );
        // On failure this is the other visitor's value.
        1 + swapped.unwrap_or_else(|seen| seen)
    }

    /// Returns the number of visits.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}
