//! An event that wakes all waiting tasks. Yours to write.
//!
//! cargo xtask exercise ch04 event

use std::pin::Pin;
use std::task::{Context, Poll};

use exercise_harness::sync::Mutex;

/// Is set once, for all tasks that wait and all that come later.
#[derive(Default)]
pub struct Event {
    is_set: Mutex<bool>,
}

impl Event {
    /// Sets it: wakes every task that waits.
    pub fn set(&self) {
        todo!("remember it, and wake the tasks that wait")
    }

    /// Returns a future that is ready when the event has been set.
    pub fn wait(&self) -> Waiting<'_> {
        Waiting { event: self }
    }
}

/// Ready when the event has been set.
pub struct Waiting<'a> {
    event: &'a Event,
}

impl Future for Waiting<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("ready, or leave the waker of `cx` where `set` finds it")
    }
}
