//! It does not wait for `set`: it has itself woken to ask again.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use exercise_harness::sync::{Mutex, MutexGuard, PoisonError};

/// Is set once, for all tasks that wait and all that come later.
#[derive(Default)]
pub struct Event {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_set: bool,
    /// The waker of each waiting future, by the future's number.
    waiting: BTreeMap<u64, Waker>,
    /// The number of the next future.
    next: u64,
}

impl Event {
    /// Sets it: wakes every task that waits.
    pub fn set(&self) {
        let mut state = self.lock();
        state.is_set = true;
        let waiting = std::mem::take(&mut state.waiting);
        // A task that is woken may poll at once, and needs the lock for that.
        drop(state);
        waiting.into_values().for_each(Waker::wake);
    }

    /// Returns a future that is ready when the event has been set.
    pub fn wait(&self) -> Waiting<'_> {
        let mut state = self.lock();
        state.next += 1;
        let number = state.next;
        Waiting {
            event: self,
            number,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ready when the event has been set.
pub struct Waiting<'a> {
    event: &'a Event,
    number: u64,
}

impl Future for Waiting<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.event.lock();
        if state.is_set {
            return Poll::Ready(());
        }
        // In the place of an older one: only the last poll's waker counts.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let waker = self.event.lock().waiting.remove(&self.number);
        // Behind the statement above, which has let go of the lock: dropping
        // a waker runs foreign code, too.
        drop(waker);
    }
}
