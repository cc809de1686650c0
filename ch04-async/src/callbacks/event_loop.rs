//! An event loop that knows nothing of futures: times and functions.

use std::collections::BTreeMap;
use std::time::Duration;

use super::DELAY;

type Callback = Box<dyn FnOnce(&mut EventLoop)>;

/// Calls functions at their times, on a clock that jumps from one to the next.
#[derive(Default)]
pub struct EventLoop {
    now: Duration,
    asked: u64,
    waiting: BTreeMap<(Duration, u64), Callback>,
}

impl EventLoop {
    /// Returns the time since the loop began.
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Has a function called later; a polled future's waker does no more.
    pub fn call_later(
        &mut self,
        delay: Duration,
        callback: impl FnOnce(&mut EventLoop) + 'static,
    ) {
        self.asked += 1;
        let key = (self.now + delay, self.asked);
        self.waiting.insert(key, Box::new(callback));
    }

    /// Gives a result to a callback, as if it came over the network.
    pub fn answer<T: 'static>(
        &mut self,
        result: T,
        callback: impl FnOnce(&mut EventLoop, T) + 'static,
    ) {
        self.call_later(DELAY, |event_loop| callback(event_loop, result));
    }

    /// Runs until nothing is left to call.
    pub fn run(&mut self) {
        while let Some(((time, _), callback)) = self.waiting.pop_first() {
            self.now = time;
            callback(self);
        }
    }
}
