//! A future does nothing until it is polled, and then as much as it can.
//!
//! `poll` is Python's `send(None)`. It carries no value: what a future waits
//! for is put where the future will look.
//!
//! cargo run -p ch04-async -- poll

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A future that never waits.
///
/// Gives its value at the first poll.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, "Awaitable".
pub struct Ready(pub u32);

impl Future for Ready {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(self.0)
    }
}

/// A place for one value, which a future can wait for.
#[derive(Default)]
pub struct Slot(Cell<Option<u32>>);

impl Slot {
    /// Puts a value there. Wakes no task: code that polls by hand needs no waking.
    pub fn put(&self, value: u32) {
        self.0.set(Some(value));
    }

    /// Returns a future that takes the next value.
    pub fn taken(&self) -> Taken<'_> {
        Taken(self)
    }
}

/// Waits for a [`Slot`] to be filled, then empties it.
pub struct Taken<'a>(&'a Slot);

impl Future for Taken<'_> {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        match self.0.0.take() {
            Some(value) => Poll::Ready(value),
            // A poll that comes too early gets `Pending`, and nothing is lost.
            None => Poll::Pending,
        }
    }
}

/// Shows three values ten times as large, and returns a fourth.
///
/// Source: *A brief introduction to concurrency and coroutines in Python 3.5*
/// (2016), the coroutine driven by hand.
pub async fn times_ten(slot: &Slot) -> u32 {
    for _ in 0..3 {
        println!("  inside: {}", 10 * slot.taken().await);
    }
    10 * slot.taken().await
}

/// Polls futures by hand, and once more than is allowed.
pub fn demo() {
    // A waker that wakes no task: the loop that polls is this function.
    let mut cx = Context::from_waker(Waker::noop());

    let awaited = pin!(async { Ready(40).await + Ready(2).await });
    println!("two that are ready, poll 1: {:?}", awaited.poll(&mut cx));

    let slot = Slot::default();
    let mut future = pin!(times_ten(&slot));
    println!("made, not polled");
    println!("poll 1: {:?}", future.as_mut().poll(&mut cx));
    println!("too early, poll 2: {:?}", future.as_mut().poll(&mut cx));
    for (n, value) in (3..).zip([5, 6, 7, 8]) {
        slot.put(value);
        println!("put {value}, poll {n}: {:?}", future.as_mut().poll(&mut cx));
    }
    // A future is over once. The compiler cannot count polls, so it is a panic.
    let once_more = AssertUnwindSafe(|| future.as_mut().poll(&mut cx));
    let panicked = panic::catch_unwind(once_more).is_err();
    println!("poll 7, past the end: panicked is {panicked}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_await_on_a_ready_future_does_not_give_way() {
        let mut cx = Context::from_waker(Waker::noop());
        let sum = pin!(async { Ready(40).await + Ready(2).await });
        assert_eq!(sum.poll(&mut cx), Poll::Ready(42));
    }

    #[test]
    fn polling_too_early_loses_nothing() {
        let mut cx = Context::from_waker(Waker::noop());
        let slot = Slot::default();
        let mut future = pin!(slot.taken());
        for _ in 0..10 {
            assert_eq!(future.as_mut().poll(&mut cx), Poll::Pending);
        }
        slot.put(42);
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(42));
    }

    #[test]
    fn a_future_that_is_over_panics_when_polled_again() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut sum = pin!(async { Ready(40).await + Ready(2).await });
        assert_eq!(sum.as_mut().poll(&mut cx), Poll::Ready(42));
        let again = AssertUnwindSafe(|| sum.poll(&mut cx));
        let panic = panic::catch_unwind(again).unwrap_err();
        let message = panic.downcast_ref::<&str>().unwrap();
        assert!(message.contains("resumed after completion"), "{message}");
    }

    #[test]
    fn a_value_is_taken_once() {
        let mut cx = Context::from_waker(Waker::noop());
        let slot = Slot::default();
        slot.put(1);
        assert_eq!(pin!(slot.taken()).poll(&mut cx), Poll::Ready(1));
        assert_eq!(pin!(slot.taken()).poll(&mut cx), Poll::Pending);
    }
}
