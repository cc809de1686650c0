//! Each task sleeps a gap: they come through together, a gap later.

use std::time::Duration;

use tokio::time::sleep;

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
        sleep(self.gap).await;
    }
}
