//! A future on the callbacks' own loop: each callback polls it once.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::{DELAY, EventLoop};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Polls a task now, and again in a callback each time that it is pending.
pub fn step(event_loop: &mut EventLoop, mut task: Task) {
    // The callback below is the wake-up, so no waker is needed.
    let mut cx = Context::from_waker(Waker::noop());
    if task.as_mut().poll(&mut cx).is_pending() {
        event_loop.call_later(DELAY, |event_loop| step(event_loop, task));
    }
}

/// Is pending at its first poll, and ready at its second.
pub async fn next_call() {
    let mut polled = false;
    poll_fn(|_cx| {
        let ready = polled;
        polled = true;
        if ready {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Runs a future on a loop that knows functions and times only.
///
/// Returns `None` if the loop has nothing left to call and it is not done.
pub fn run<T: 'static>(
    event_loop: &mut EventLoop,
    future: impl Future<Output = T> + 'static,
) -> Option<T> {
    let output = Rc::new(Cell::new(None));
    let place = output.clone();
    let task = Box::pin(async move { place.set(Some(future.await)) });
    step(event_loop, task);
    event_loop.run();
    output.take()
}
