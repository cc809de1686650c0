//! A bounded channel. Yours to write.
//!
//! cargo xtask exercise ch01 bounded-channel

use exercise_harness::sync::Mutex;

/// A queue with a limit that threads share.
pub struct Channel<T> {
    items: Mutex<Vec<T>>,
}

impl<T> Channel<T> {
    /// Makes an empty channel for at most `room` items, which is not 0.
    pub fn new(room: usize) -> Channel<T> {
        todo!("store the limit")
    }

    /// Waits for room and puts the item last; a closed channel gives it back.
    pub fn send(&self, item: T) -> Result<(), T> {
        todo!("wait while it is full")
    }

    /// Waits for an item and takes the first; `None` once the channel is
    /// closed and empty.
    pub fn receive(&self) -> Option<T> {
        todo!("wait while it is empty")
    }

    /// Closes the channel, and wakes the threads that wait.
    pub fn close(&self) {
        todo!("close it, and wake all threads")
    }
}
