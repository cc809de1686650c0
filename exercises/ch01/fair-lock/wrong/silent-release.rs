//! The next ticket is served, but no thread is woken.

use exercise_harness::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A lock that threads get in the order in which they asked.
#[derive(Default)]
pub struct FairLock {
    state: Mutex<State>,
    turn: Condvar,
}

#[derive(Default)]
struct State {
    /// The ticket of the next thread that asks.
    next: usize,
    /// The ticket being served: its thread holds the lock, or may take it.
    served: usize,
}

impl FairLock {
    /// Waits for the lock, behind the threads that wait already.
    pub fn acquire(&self) {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        while state.served != number {
            let woken = self.turn.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Releases the lock, to the thread that has waited longest.
    pub fn release(&self) {
        self.lock().served += 1;
    }

    /// Returns the number of waiting threads.
    pub fn waiting(&self) -> usize {
        let state = self.lock();
        (state.next - state.served).saturating_sub(1)
    }

    #[track_caller] // A schedule names the caller's line.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
