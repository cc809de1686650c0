//! Joining is polling both; selecting is dropping the other.
//!
//! No task, no runtime: both futures live in the one that waits, may borrow
//! from it, and are polled whenever either is woken.
//!
//! cargo run -p ch04-async -- join-by-hand

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::executor::Executor;
use crate::timer::Clock;

/// Waits for both.
///
/// Polls `a` before `b`, whichever was woken.
pub async fn join<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut from_a, mut from_b) = (None, None);
    poll_fn(|cx| {
        // A future that was ready must not be polled again.
        if from_a.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(cx)
        {
            from_a = Some(output);
        }
        if from_b.is_none()
            && let Poll::Ready(output) = b.as_mut().poll(cx)
        {
            from_b = Some(output);
        }
        match (from_a.take(), from_b.take()) {
            (Some(output_a), Some(output_b)) => {
                Poll::Ready((output_a, output_b))
            }
            // Not both: put back what is there.
            (some_a, some_b) => {
                (from_a, from_b) = (some_a, some_b);
                Poll::Pending
            }
        }
    })
    .await
}

/// Which of two futures was first.
#[derive(Debug, PartialEq, Eq)]
pub enum First<A, B> {
    /// The first one, also if both were ready.
    A(A),
    /// The second one.
    B(B),
}

/// Waits for the first of two; the other is dropped where it waits.
pub async fn select<A: Future, B: Future>(
    a: A,
    b: B,
) -> First<A::Output, B::Output> {
    let (mut a, mut b) = (pin!(a), pin!(b));
    poll_fn(|cx| {
        if let Poll::Ready(output) = a.as_mut().poll(cx) {
            return Poll::Ready(First::A(output));
        }
        b.as_mut().poll(cx).map(First::B)
    })
    .await
}

/// Gives a future a limited time; `None` if it is not enough.
pub async fn timeout<F: Future>(
    clock: &Clock,
    time: Duration,
    future: F,
) -> Option<F::Output> {
    // A future that is ready in its last moment is in time: it stands first.
    match select(future, clock.sleep(time)).await {
        First::A(output) => Some(output),
        First::B(()) => None,
    }
}

/// Says when it is dropped before its end.
struct Cook<'a>(&'a str, bool);

impl Drop for Cook<'_> {
    fn drop(&mut self) {
        if !self.1 {
            println!("  {}: dropped half-way", self.0);
        }
    }
}

/// Cooks for a number of seconds.
async fn cook<'a>(clock: &Clock, what: &'a str, seconds: u64) -> &'a str {
    let mut cook = Cook(what, false);
    clock.sleep(Duration::from_secs(seconds)).await;
    println!("  {what}: done at {:?}", clock.now());
    cook.1 = true;
    what
}

/// Joins two, selects from two, and limits one, on a paused clock.
pub fn demo() {
    let clock = Clock::paused();
    let executor = Executor::new(clock.clone());
    executor.run(async move {
        println!("join");
        let both = join(cook(&clock, "rice", 3), cook(&clock, "tea", 1)).await;
        println!("  {both:?} at {:?}", clock.now());
        println!("select");
        let first = select(cook(&clock, "rice", 3), cook(&clock, "tea", 1));
        println!("  {:?} at {:?}", first.await, clock.now());
        println!("timeout");
        let limit = Duration::from_secs(2);
        let rice = timeout(&clock, limit, cook(&clock, "rice", 3)).await;
        println!("  {rice:?} at {:?}", clock.now());
    });
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_future_that_is_done_is_not_polled_again_by_join() {
        let polls = std::cell::Cell::new(0);
        let once = poll_fn(|_| {
            polls.set(polls.get() + 1);
            Poll::Ready(())
        });
        let mut joined = pin!(join(once, pending::<()>()));
        for _ in 0..3 {
            assert!(poll(joined.as_mut()).is_pending());
        }
        assert_eq!(polls.get(), 1);
    }

    #[test]
    fn a_tie_goes_to_the_first() {
        let both = pin!(select(ready('a'), ready('b')));
        assert_eq!(poll(both), Poll::Ready(First::A('a')));
    }

    #[test]
    fn a_join_that_is_dropped_drops_both() {
        let alive = std::rc::Rc::new(());
        let waits = |held: std::rc::Rc<()>| async move {
            pending::<()>().await;
            drop(held);
        };
        let mut joined =
            Box::pin(join(waits(alive.clone()), waits(alive.clone())));
        assert!(poll(joined.as_mut()).is_pending());
        drop(joined);
        assert_eq!(std::rc::Rc::strong_count(&alive), 1);
    }

    #[test]
    fn a_future_that_is_ready_at_the_deadline_is_in_time() {
        let clock = Clock::paused();
        let limit = Duration::from_secs(1);
        let mut timed = pin!(timeout(&clock, limit, clock.sleep(limit)));
        assert!(poll(timed.as_mut()).is_pending());
        clock.fire();
        assert_eq!(poll(timed), Poll::Ready(Some(())));
    }
}
