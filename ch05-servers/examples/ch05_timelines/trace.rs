//! Tells on stderr what happened when; the runner keeps it.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// Counts from the moment that it is made.
pub struct Trace {
    start: Instant,
    // The lock is held from the look at the clock until the line is written:
    // lines are in the order of their times.
    order: Mutex<()>,
}

impl Trace {
    /// Starts the clock: the real one, or tokio's paused one.
    pub fn start(clock: &str) -> Trace {
        eprintln!("@clock {clock}");
        Trace {
            start: Instant::now(),
            order: Mutex::new(()),
        }
    }

    /// Says what begins in a lane: `runs`, `waits`, `holds`, `blocks`, `ends`,
    /// or a `mark`, which is a moment; and a few words about it.
    pub fn tell(&self, lane: &str, state: &str, label: &str) {
        let _order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        let at = self.start.elapsed().as_secs_f64() * 1000.0;
        eprintln!("@{at:.1} {lane} {state} {label}");
    }
}
