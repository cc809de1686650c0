//! It looks, and then it leaves its waker: between the two it rings.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use exercise_harness::sync::{Mutex, MutexGuard, PoisonError};

/// Rings once, for all who wait and all who come later.
#[derive(Default)]
pub struct Bell {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rung: bool,
    /// Who waits, by the number of its future.
    waiting: BTreeMap<u64, Waker>,
    /// The number of the next future.
    next: u64,
}

impl Bell {
    /// Rings.
    pub fn ring(&self) {
        let mut state = self.lock();
        state.rung = true;
        let waiting = std::mem::take(&mut state.waiting);
        // Whoever is woken may poll at once, and needs the lock for that.
        drop(state);
        waiting.into_values().for_each(Waker::wake);
    }

    /// Returns a future that is ready when the bell has rung.
    pub fn heard(&self) -> Heard<'_> {
        let mut state = self.lock();
        state.next += 1;
        let number = state.next;
        Heard { bell: self, number }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ready when the bell has rung.
pub struct Heard<'a> {
    bell: &'a Bell,
    number: u64,
}

impl Future for Heard<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.bell.lock().rung {
            return Poll::Ready(());
        }
        // In the place of an older one: only the last poll's waker counts.
        let waker = cx.waker().clone();
        self.bell.lock().waiting.insert(self.number, waker);
        Poll::Pending
    }
}

impl Drop for Heard<'_> {
    fn drop(&mut self) {
        let waker = self.bell.lock().waiting.remove(&self.number);
        // Behind the statement above, which has let go of the lock: dropping
        // a waker runs other people's code, too.
        drop(waker);
    }
}
