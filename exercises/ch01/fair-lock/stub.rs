//! Who comes first is served first. Yours to write.
//!
//! cargo xtask exercise ch01 fair-lock

use exercise_harness::sync::Mutex;

/// A lock with a queue.
#[derive(Default)]
pub struct FairLock {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    locked: bool,
}

impl FairLock {
    /// Waits for the lock, behind those who wait already.
    pub fn acquire(&self) {
        todo!("take a number and wait for it")
    }

    /// Lets the lock go, to whoever has waited longest.
    pub fn release(&self) {
        todo!("serve the next number")
    }

    /// Says how many wait for it.
    pub fn waiting(&self) -> usize {
        todo!("count the numbers that are not served yet")
    }
}
