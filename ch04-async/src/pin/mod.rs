//! `Pin`: from its first poll on, a future stays where it is.
//!
//! cargo run -p ch04-async -- pin

use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::ptr;
use std::task::{Context, Poll, Waker};

/// Gives way once.
pub async fn pause() {
    let mut paused = false;
    poll_fn(|_| match mem::replace(&mut paused, true) {
        false => Poll::Pending,
        true => Poll::Ready(()),
    })
    .await;
}

/// Adds numbers, with a pause after each.
///
/// `rest` points into `numbers`, and both live in the future.
pub async fn sum() -> u32 {
    let numbers = [1, 2, 3];
    let rest = numbers.iter();
    let mut sum = 0;
    for n in rest {
        sum += n;
        pause().await;
    }
    sum
}

/// Polls until the future is ready; returns how often that took.
pub fn drive(mut future: Pin<&mut dyn Future<Output = u32>>) -> (u32, u32) {
    let mut cx = Context::from_waker(Waker::noop());
    for polls in 1.. {
        if let Poll::Ready(sum) = future.as_mut().poll(&mut cx) {
            return (sum, polls);
        }
    }
    unreachable!("the loop has no end")
}

/// Moves futures as far as that is allowed.
pub fn demo() {
    let here = sum();
    // Not polled yet: nothing in it points into it.
    let moved = here;
    let on_the_stack = pin!(moved);
    let (sum_of_all, polls) = drive(on_the_stack);
    println!("moved, then pinned: {sum_of_all} after {polls} polls");

    let mut boxed: Pin<Box<dyn Future<Output = u32>>> = Box::pin(sum());
    let mut cx = Context::from_waker(Waker::noop());
    println!("boxed, poll 1: {:?}", boxed.as_mut().poll(&mut cx));
    let before = ptr::from_ref(&*boxed).addr();
    let mut list = [boxed];
    let after = ptr::from_ref(&*list[0]).addr();
    println!("the box has moved, the future has not: {}", before == after);
    let (sum_of_all, polls) = drive(list[0].as_mut());
    println!("from the list: {sum_of_all} after {polls} more polls");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_is_polled_once_more_than_it_pauses() {
        assert_eq!(drive(pin!(sum())), (6, 4));
    }

    #[test]
    fn a_boxed_future_keeps_its_address() {
        let boxed = Box::pin(sum());
        let before = ptr::from_ref(&*boxed).addr();
        let list = [boxed];
        assert_eq!(ptr::from_ref(&*list[0]).addr(), before);
    }
}
