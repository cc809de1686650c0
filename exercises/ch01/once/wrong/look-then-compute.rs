//! Two look, both find it empty, and both compute.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use exercise_harness::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A value that whoever asks first computes.
pub struct Once<T> {
    state: Mutex<State<T>>,
    settled: Condvar,
}

enum State<T> {
    Empty,
    /// Somebody computes it.
    Busy,
    There(T),
}

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once {
            state: Mutex::new(State::Empty),
            settled: Condvar::new(),
        }
    }
}

impl<T: Clone> Once<T> {
    /// Returns the value; runs `compute` if nobody has or does.
    pub fn get(&self, compute: impl FnOnce() -> T) -> T {
        let mut state = self.lock();
        loop {
            match &*state {
                State::There(value) => return value.clone(),
                State::Empty => break,
                State::Busy => break,
            }
        }
        *state = State::Busy;
        drop(state);
        // Unwind safe: what the closure has broken is not looked at again.
        match catch_unwind(AssertUnwindSafe(compute)) {
            Ok(value) => {
                self.settle(State::There(value.clone()));
                value
            }
            Err(panic) => {
                self.settle(State::Empty);
                resume_unwind(panic)
            }
        }
    }

    /// Returns the value if it is there. Does not wait for who computes.
    pub fn peek(&self) -> Option<T> {
        match &*self.lock() {
            State::There(value) => Some(value.clone()),
            _ => None,
        }
    }

    fn settle(&self, state: State<T>) {
        *self.lock() = state;
        self.settled.notify_all();
    }

    #[track_caller] // A schedule names the line that asked for it.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
