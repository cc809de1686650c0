//! Event queue: ties go by scheduling order. To be written.
//!
//! cargo xtask exercise ch03 simulation

use std::collections::BinaryHeap;

/// The time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate;

/// Events, each at its time.
#[derive(Default)]
pub struct Simulation {
    events: BinaryHeap<(u32, char)>,
}

impl Simulation {
    /// Puts an event at a time, which is not before the clock's.
    ///
    /// # Errors
    ///
    /// That time is over; nothing has changed.
    pub fn schedule(&mut self, at: u32, event: char) -> Result<(), TooLate> {
        self.events.push((at, event));
        Ok(())
    }

    /// Takes the earliest event, and moves the clock to its time.
    pub fn next(&mut self) -> Option<(u32, char)> {
        self.events.pop()
    }
}
