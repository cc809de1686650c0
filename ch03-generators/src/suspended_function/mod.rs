//! A suspended function is a value: the place where it stopped, and its locals.
//!
//! First the value is written by hand. Then the compiler writes it, from an
//! `async` block, and `poll` runs it. Each step is a program of its own.
//!
//! cargo run -p ch03-generators -- suspended-function

use std::cell::Cell;
use std::iter;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A countdown that stops in the middle: the place, and the locals there.
#[derive(Debug)]
pub enum Frame {
    /// Before the first line.
    Start {
        /// The argument.
        from: u32,
    },
    /// At the yield.
    AtYield {
        /// The number that was yielded.
        n: u32,
    },
    /// After the last line.
    Finished,
}

impl Frame {
    /// Runs from where it stopped to the next yield, or to the end.
    pub fn resume(&mut self) -> Option<u32> {
        let n = match *self {
            Frame::Start { from } => from,
            Frame::AtYield { n } => n - 1,
            Frame::Finished => 0,
        };
        *self = match n {
            0 => Frame::Finished,
            n => Frame::AtYield { n },
        };
        (n > 0).then_some(n)
    }
}

/// Resumes a countdown until it ends, and shows what it is each time.
pub fn by_hand() {
    let mut frame = Frame::Start { from: 2 };
    println!("called          {frame:?}");
    for _ in 0..3 {
        let item = frame.resume();
        println!("next: {item:<9} {frame:?}", item = format!("{item:?}"));
    }
}

/// Polls a body that never waits.
pub fn poll_once() {
    let body = async {
        println!("  the body runs");
        42
    };
    println!("called: nothing has run");
    let body = pin!(body);
    let mut context = Context::from_waker(Waker::noop());
    println!("poll: {:?}", body.poll(&mut context));
}

/// Is not ready when it is polled first, and is from then on.
#[derive(Default)]
pub struct Pause {
    polled: bool,
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<()> {
        if self.polled {
            return Poll::Ready(());
        }
        self.polled = true;
        Poll::Pending
    }
}

/// Polls a body that waits once: it takes two polls.
pub fn poll_twice() {
    let mut body = pin!(async {
        println!("  before the pause");
        Pause::default().await;
        println!("  after the pause");
    });
    let mut context = Context::from_waker(Waker::noop());
    println!("poll: {:?}", body.as_mut().poll(&mut context));
    println!("poll: {:?}", body.as_mut().poll(&mut context));
}

/// A place where a body leaves a number for its caller.
pub type Place = Cell<Option<u32>>;

/// Counts down to one; stops at each number.
pub async fn countdown(place: &Place, from: u32) {
    for n in (1..=from).rev() {
        place.set(Some(n));
        Pause::default().await;
    }
}

/// Iterates over what a body leaves in `place`.
pub fn numbers(
    place: &Place,
    mut body: Pin<&mut impl Future<Output = ()>>,
) -> impl Iterator<Item = u32> {
    let mut context = Context::from_waker(Waker::noop());
    iter::from_fn(move || match body.as_mut().poll(&mut context) {
        Poll::Pending => place.take(),
        Poll::Ready(()) => None,
    })
}

/// Loops over a suspended function.
pub fn iterate() {
    let place = Place::default();
    let body = pin!(countdown(&place, 2));
    for n in numbers(&place, body) {
        println!("got {n}");
    }
}

/// Runs the four steps.
pub fn demo() {
    println!("1. by hand");
    by_hand();
    println!("2. an async block");
    poll_once();
    println!("3. one that waits");
    poll_twice();
    println!("4. one that yields");
    iterate();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_and_by_the_compiler_count_alike() {
        for from in 0..5 {
            let place = Place::default();
            let body = pin!(countdown(&place, from));
            let compiled: Vec<u32> = numbers(&place, body).collect();
            let mut frame = Frame::Start { from };
            let by_hand: Vec<u32> = iter::from_fn(|| frame.resume()).collect();
            assert_eq!(by_hand, compiled);
            assert_eq!(frame.resume(), None);
        }
    }
}
