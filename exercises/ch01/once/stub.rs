//! A once cell. Yours to write.
//!
//! cargo xtask exercise ch01 once

use exercise_harness::sync::Mutex;

/// A value that the first thread to ask computes.
#[derive(Default)]
pub struct Once<T> {
    value: Mutex<Option<T>>,
}

impl<T: Clone> Once<T> {
    /// Returns the value; runs `compute` if no thread has or does.
    pub fn get(&self, compute: impl FnOnce() -> T) -> T {
        todo!("compute, or wait for the thread that does")
    }

    /// Returns the value if there is one. Does not wait.
    pub fn peek(&self) -> Option<T> {
        todo!("look")
    }
}
