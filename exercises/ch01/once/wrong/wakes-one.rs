//! The value wakes only one of the waiting threads.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use exercise_harness::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A value that the first thread to ask computes.
pub struct Once<T> {
    state: Mutex<State<T>>,
    settled: Condvar,
}

enum State<T> {
    Empty,
    /// A thread computes it.
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
    /// Returns the value; runs `compute` if no thread has or does.
    pub fn get(&self, compute: impl FnOnce() -> T) -> T {
        let mut state = self.lock();
        loop {
            match &*state {
                State::There(value) => return value.clone(),
                State::Empty => break,
                State::Busy => {
                    let woken = self.settled.wait(state);
                    state = woken.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        *state = State::Busy;
        drop(state);
        // Unwind safe: no code uses the closure's values after its panic.
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

    /// Returns the value if there is one. Does not wait.
    pub fn peek(&self) -> Option<T> {
        match &*self.lock() {
            State::There(value) => Some(value.clone()),
            _ => None,
        }
    }

    fn settle(&self, state: State<T>) {
        *self.lock() = state;
        self.settled.notify_one();
    }

    #[track_caller] // A schedule names the caller's line.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
