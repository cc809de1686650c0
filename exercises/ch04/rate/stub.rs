//! A rate limiter. Yours to write.
//!
//! cargo xtask exercise ch04 rate

use std::time::Duration;

/// Lets somebody through every so often.
pub struct Rate {
    gap: Duration,
}

impl Rate {
    /// Leaves so much time between two.
    pub fn new(gap: Duration) -> Rate {
        Rate { gap }
    }

    /// Waits for its turn.
    ///
    /// Who drops this future gives the turn to the next.
    pub async fn turn(&self) {
        todo!("wait until {:?} are over since the last one", self.gap)
    }
}
