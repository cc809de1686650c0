//! Who waits looks at the sign again and again.

use exercise_harness::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A lock with a queue.
#[derive(Default)]
pub struct FairLock {
    state: Mutex<State>,
    turn: Condvar,
}

#[derive(Default)]
struct State {
    /// The number that the next one who comes will have.
    next: usize,
    /// The number on the sign: its owner has the lock, or may take it.
    served: usize,
}

impl FairLock {
    /// Waits for the lock, behind those who wait already.
    pub fn acquire(&self) {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        while state.served != number {
            drop(state);
            exercise_harness::thread::yield_now();
            state = self.lock();
        }
    }

    /// Lets the lock go, to whoever has waited longest.
    pub fn release(&self) {
        self.lock().served += 1;
        // All, because nobody knows which of the sleepers has that number.
        self.turn.notify_all();
    }

    /// Says how many wait for it.
    pub fn waiting(&self) -> usize {
        let state = self.lock();
        (state.next - state.served).saturating_sub(1)
    }

    #[track_caller] // A schedule names the line that asked for it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
