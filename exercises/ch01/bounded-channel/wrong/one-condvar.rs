//! Senders and receivers sleep at one `Condvar`, and `notify_one` wakes either.

use std::collections::VecDeque;

use exercise_harness::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A queue with a limit that threads share.
pub struct Channel<T> {
    room: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

impl<T> Channel<T> {
    /// Makes an empty channel for at most `room` items, which is not 0.
    pub fn new(room: usize) -> Channel<T> {
        Channel {
            room,
            state: Mutex::new(State {
                items: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Waits for room and puts the item last; a closed channel gives it back.
    pub fn send(&self, item: T) -> Result<(), T> {
        let mut state = self.lock();
        while state.items.len() == self.room && !state.closed {
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return Err(item);
        }
        state.items.push_back(item);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for an item and takes the first; `None` once the channel is
    /// closed and empty.
    pub fn receive(&self) -> Option<T> {
        let mut state = self.lock();
        while state.items.is_empty() && !state.closed {
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        let item = state.items.pop_front();
        self.changed.notify_one();
        item
    }

    /// Closes the channel, and wakes the threads that wait.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    #[track_caller] // A schedule names the caller's line.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No user's code runs under this lock, so no panic can poison it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
