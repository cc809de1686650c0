//! A fair lock. Yours to write.
//!
//! cargo xtask exercise ch01 fair-lock

use exercise_harness::sync::Mutex;

/// A lock that threads get in the order in which they asked.
#[derive(Default)]
pub struct FairLock {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    locked: bool,
}

impl FairLock {
    /// Waits for the lock, behind the threads that wait already.
    pub fn acquire(&self) {
        todo!("take a ticket and wait for your turn")
    }

    /// Releases the lock, to the thread that has waited longest.
    pub fn release(&self) {
        todo!("serve the next ticket")
    }

    /// Returns the number of waiting threads.
    pub fn waiting(&self) -> usize {
        todo!("count the tickets that are not served yet")
    }
}
