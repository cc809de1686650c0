//! The moments count from the one before: a pause saves them up.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// Lets one task through in each gap.
pub struct Rate {
    gap: Duration,
    /// When the next task may go.
    next: Mutex<Instant>,
}

impl Rate {
    /// Leaves a gap of this length between two tasks.
    pub fn new(gap: Duration) -> Rate {
        let next = Mutex::new(Instant::now());
        Rate { gap, next }
    }

    /// Waits for its turn.
    ///
    /// Dropping this future gives the turn to the next task.
    pub async fn turn(&self) {
        let mut next = self.next.lock().await;
        sleep_until(*next).await;
        *next += self.gap;
    }
}
