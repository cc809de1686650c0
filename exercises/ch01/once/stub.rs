//! Many ask, one computes. Yours to write.
//!
//! cargo xtask exercise ch01 once

use exercise_harness::sync::Mutex;

/// A value that whoever asks first computes.
#[derive(Default)]
pub struct Once<T> {
    value: Mutex<Option<T>>,
}

impl<T: Clone> Once<T> {
    /// Returns the value; runs `compute` if nobody has or does.
    pub fn get(&self, compute: impl FnOnce() -> T) -> T {
        todo!("compute, or wait for who does")
    }

    /// Returns the value if it is there. Does not wait for who computes.
    pub fn peek(&self) -> Option<T> {
        todo!("look")
    }
}
