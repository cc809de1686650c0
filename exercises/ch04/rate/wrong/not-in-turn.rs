//! A task that finds the gap over goes: a newcomer before those that wait.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Lets one task through in each gap.
pub struct Rate {
    gap: Duration,
    next: Cell<Instant>,
}

impl Rate {
    /// Leaves a gap of this length between two tasks.
    pub fn new(gap: Duration) -> Rate {
        let next = Cell::new(Instant::now());
        Rate { gap, next }
    }

    /// Waits for its turn.
    ///
    /// Dropping this future gives the turn to the next task.
    pub async fn turn(&self) {
        let mut tries = 0;
        while Instant::now() < self.next.get() {
            // The tasks that have waited longest look last.
            tries += 1;
            let later = Duration::from_millis(tries);
            sleep_until(self.next.get() + later).await;
        }
        self.next.set(Instant::now() + self.gap);
    }
}
