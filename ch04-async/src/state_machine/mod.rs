//! An `async fn` is an enum that the compiler writes.
//!
//! One variant for each await that can wait, holding the variables that are
//! needed after it. So its size is known, and can surprise.
//!
//! cargo run -p ch04-async -- state-machine

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use crate::block_on::{Promise, promise};

/// Adds two numbers that are not there yet, awaiting the first one first.
pub async fn sum(first: Promise<u32>, second: Promise<u32>) -> Option<u32> {
    let first = first.await?;
    let second = second.await?;
    Some(first + second)
}

/// Does as [`sum`], with the states written out.
pub enum Sum {
    /// Waits for the first number. A future that was never polled is here, too.
    First(Promise<u32>, Promise<u32>),
    /// Has the first number, waits for the second.
    Second(u32, Promise<u32>),
    /// Is over.
    Done,
}

impl Future for Sum {
    type Output = Option<u32>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<u32>> {
        // One poll may pass through several states: it stops where it waits.
        loop {
            match &mut *self {
                Sum::First(first, _) => {
                    let Poll::Ready(first) = Pin::new(first).poll(cx) else {
                        return Poll::Pending;
                    };
                    let state = std::mem::replace(&mut *self, Sum::Done);
                    let (Some(first), Sum::First(_, second)) = (first, state)
                    else {
                        return Poll::Ready(None);
                    };
                    *self = Sum::Second(first, second);
                }
                Sum::Second(first, second) => {
                    let Poll::Ready(second) = Pin::new(second).poll(cx) else {
                        return Poll::Pending;
                    };
                    let sum = second.map(|second| *first + second);
                    *self = Sum::Done;
                    return Poll::Ready(sum);
                }
                Sum::Done => panic!("polled after its end"),
            }
        }
    }
}

/// Counts how often it is called.
#[derive(Default)]
struct Calls(AtomicU32);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls a sum of two promises step by step; one line for each step.
pub fn steps<F: Future<Output = Option<u32>>>(
    sum: impl FnOnce(Promise<u32>, Promise<u32>) -> F,
) -> Vec<String> {
    let calls = Arc::new(Calls::default());
    let waker = Waker::from(calls.clone());
    let mut cx = Context::from_waker(&waker);
    let (set_first, first) = promise();
    let (set_second, second) = promise();
    let mut sum = Box::pin(sum(first, second));

    let mut log = Vec::new();
    let mut note = |step: &str, poll: Poll<Option<u32>>| {
        let calls = calls.0.load(Ordering::Relaxed);
        log.push(format!("{step}: {poll:?}, woken {calls} times"));
    };
    note("poll 1", sum.as_mut().poll(&mut cx));
    // The sum does not wait for the second number yet, so no task is woken.
    set_second.set(2);
    note("second set, poll 2", sum.as_mut().poll(&mut cx));
    set_first.set(40);
    note("first set, poll 3", sum.as_mut().poll(&mut cx));
    log
}

async fn pause() {
    std::future::pending().await
}

/// Keeps a kilobyte while it waits.
pub async fn kept() -> u8 {
    let buffer = [1; 1024];
    pause().await;
    buffer[0]
}

/// Is done with its kilobyte before it waits.
pub async fn let_go() -> u8 {
    let first = {
        let buffer = [1; 1024];
        buffer[0]
    };
    pause().await;
    first
}

/// Awaits a future that keeps a kilobyte, hence keeps it too.
pub async fn outer() -> u8 {
    kept().await
}

/// Keeps a pointer to a future that keeps a kilobyte.
pub async fn boxed() -> u8 {
    Box::pin(kept()).await
}

/// Steps the compiler's state machine beside the one by hand; weighs four.
pub fn demo() {
    let (by_compiler, by_hand) = (steps(sum), steps(Sum::First));
    for line in &by_compiler {
        println!("{line}");
    }
    println!("the same by hand: {}", by_compiler == by_hand);
    println!("sizes in bytes");
    let (_, first) = promise();
    let (_, second) = promise();
    println!("  sum: {}", size_of_val(&sum(first, second)));
    println!("  sum by hand: {}", size_of::<Sum>());
    println!("  a buffer kept over an await: {}", size_of_val(&kept()));
    println!("  a buffer let go before: {}", size_of_val(&let_go()));
    println!("  around the one that keeps: {}", size_of_val(&outer()));
    println!("  around it, boxed: {}", size_of_val(&boxed()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compilers_machine_and_ours_take_the_same_steps() {
        assert_eq!(steps(sum), steps(Sum::First));
    }

    #[test]
    fn what_lives_across_an_await_is_part_of_the_future() {
        assert!(size_of_val(&kept()) >= 1024);
        assert!(size_of_val(&outer()) >= 1024);
        assert!(size_of_val(&let_go()) < 64);
        assert!(size_of_val(&boxed()) < 64);
    }

    #[test]
    fn an_abandoned_number_ends_the_sum() {
        let (_, first) = promise();
        let (_, second) = promise();
        let mut cx = Context::from_waker(Waker::noop());
        let poll = Pin::new(&mut Sum::First(first, second)).poll(&mut cx);
        assert_eq!(poll, Poll::Ready(None));
    }
}
