//! Two clocks: one that goes, and one that jumps.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

/// What a loop needs to know of time.
pub trait Clock {
    /// Returns the time since the clock was made.
    fn now(&self) -> Duration;

    /// Returns at `moment`, or at once if it is past.
    fn wait_until(&self, moment: Duration);
}

/// The clock on the wall.
pub struct Wall(pub Instant);

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn wait_until(&self, moment: Duration) {
        thread::sleep(moment.saturating_sub(self.now()));
    }
}

/// A clock that stands, and jumps to the moment that is waited for.
#[derive(Default)]
pub struct Paused(Cell<Duration>);

impl Clock for Paused {
    fn now(&self) -> Duration {
        self.0.get()
    }

    fn wait_until(&self, moment: Duration) {
        self.0.set(self.now().max(moment));
    }
}
