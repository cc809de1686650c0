//! What `spawn` returns: a promise of the output, and the right to abort.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake};

use super::Ticket;
use crate::block_on::Promise;

/// A future for a task's output; `None` if the task was dropped before its end.
///
/// Dropping it detaches the task, which goes on.
pub struct Handle<T> {
    pub(super) output: Promise<T>,
    pub(super) ticket: Arc<Ticket>,
}

impl<T> Handle<T> {
    /// Has the task dropped when its next turn comes, wherever it waits.
    ///
    /// Returns at once: to know that it is gone, await the handle.
    pub fn abort(&self) {
        // Pairs with the load before the poll. The wake is what makes a turn
        // come, also for a task that nothing else would wake.
        self.ticket.aborted.store(true, Ordering::Release);
        self.ticket.clone().wake();
    }

    /// Takes the output if it is there, without waiting.
    pub fn try_take(&mut self) -> Option<T> {
        self.output.try_take()
    }
}

impl<T> Future for Handle<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.output).poll(cx)
    }
}
