//! What an executor calls: the sleeps that are due are woken.

use std::task::Waker;
use std::time::Duration;

use super::Clock;

impl Clock {
    /// Wakes the sleeps that are due; returns how long until the next one is.
    ///
    /// To be called when nothing else is left to do: a paused clock then moves
    /// to the next deadline. Returns `None` if no sleep waits.
    pub fn fire(&self) -> Option<Duration> {
        let mut timers = self.lock();
        let next = timers.waiting.keys().next()?.0;
        if let Some(now) = &mut timers.paused {
            *now = next.max(*now);
        }
        drop(timers);
        self.fire_due()
    }

    /// Does the same as [`Clock::fire`], but never moves a paused clock.
    ///
    /// To be called while tasks are ready: timers must not wait until all of
    /// them are idle, which may never be.
    pub fn fire_due(&self) -> Option<Duration> {
        let mut timers = self.lock();
        let next = timers.waiting.keys().next()?.0;
        let now = timers.now();
        // What is due lies before (now, u64::MAX); the rest stays.
        let rest = timers.waiting.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut timers.waiting, rest);
        drop(timers);
        match due.is_empty() {
            true => Some(next.saturating_sub(now)),
            false => {
                due.into_values().for_each(Waker::wake);
                Some(Duration::ZERO)
            }
        }
    }
}
