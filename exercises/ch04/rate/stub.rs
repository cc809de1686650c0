//! A rate limiter. Yours to write.
//!
//! cargo xtask exercise ch04 rate

use std::time::Duration;

/// Lets one task through in each gap.
pub struct Rate {
    gap: Duration,
}

impl Rate {
    /// Leaves a gap of this length between two tasks.
    pub fn new(gap: Duration) -> Rate {
        Rate { gap }
    }

    /// Waits for its turn.
    ///
    /// Dropping this future gives the turn to the next task.
    pub async fn turn(&self) {
        todo!("wait until {:?} are over since the last one", self.gap)
    }
}
