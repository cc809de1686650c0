//! A flag instead of a queue: who lets go and asks again is the fastest.

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
    locked: bool,
}

impl FairLock {
    /// Waits for the lock, behind those who wait already.
    pub fn acquire(&self) {
        let mut state = self.lock();
        state.next += 1;
        while state.locked {
            let woken = self.turn.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        state.locked = true;
    }

    /// Lets the lock go, to whoever has waited longest.
    pub fn release(&self) {
        let mut state = self.lock();
        state.served += 1;
        state.locked = false;
        drop(state);
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
