//! Whoever finds the door open goes: a newcomer before those who wait.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Lets somebody through every so often.
pub struct Rate {
    gap: Duration,
    next: Cell<Instant>,
}

impl Rate {
    /// Leaves so much time between two.
    pub fn new(gap: Duration) -> Rate {
        let next = Cell::new(Instant::now());
        Rate { gap, next }
    }

    /// Waits for its turn.
    ///
    /// Who drops this future gives the turn to the next.
    pub async fn turn(&self) {
        let mut tries = 0;
        while Instant::now() < self.next.get() {
            // Those who have waited longest look last.
            tries += 1;
            let later = Duration::from_millis(tries);
            sleep_until(self.next.get() + later).await;
        }
        self.next.set(Instant::now() + self.gap);
    }
}
