//! Each sleeps a gap: they come through together, a gap later.

use std::time::Duration;

use tokio::time::sleep;

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
        sleep(self.gap).await;
    }
}
