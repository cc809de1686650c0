//! Each takes a moment and sleeps: who leaves takes the moment along.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// Lets somebody through every so often.
pub struct Rate {
    gap: Duration,
    /// When the next one may go.
    next: Mutex<Instant>,
}

impl Rate {
    /// Leaves so much time between two.
    pub fn new(gap: Duration) -> Rate {
        let next = Mutex::new(Instant::now());
        Rate { gap, next }
    }

    /// Waits for its turn.
    ///
    /// Who drops this future gives the turn to the next.
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
