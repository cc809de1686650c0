//! Event queue: at the same time the number of an event decides.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate;

/// Events, each at its time.
#[derive(Default)]
pub struct Simulation {
    now: u32,
    /// The number of the next event.
    number: u64,
    events: BinaryHeap<Reverse<(u32, u64, char)>>,
}

impl Simulation {
    /// Puts an event at a time, which is not before the clock's.
    ///
    /// # Errors
    ///
    /// That time is over; nothing has changed.
    pub fn schedule(&mut self, at: u32, event: char) -> Result<(), TooLate> {
        if at < self.now {
            return Err(TooLate);
        }
        // The number stands before the event: at the same time it decides.
        self.events.push(Reverse((at, self.number, event)));
        self.number += 1;
        Ok(())
    }

    /// Takes the earliest event, and moves the clock to its time.
    pub fn next(&mut self) -> Option<(u32, char)> {
        let Reverse((at, _, event)) = self.events.pop()?;
        self.now = at;
        Some((at, event))
    }
}
