//! Each task takes a moment and sleeps: one that gives up keeps its moment.

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
        let at = {
            let mut next = self.next.lock().await;
            let at = (*next).max(Instant::now());
            *next = at + self.gap;
            at
        };
        sleep_until(at).await;
    }
}
