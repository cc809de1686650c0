//! Waiting for a future is: poll, sleep until woken, poll again.
//!
//! The waker is the other half of `poll`. A future that says `Pending` keeps it
//! and has it called later, from any thread.
//!
//! cargo run -p ch04-async -- block-on

pub mod cli;

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

mod promise;

pub use promise::{Promise, Setter, promise};

/// Wakes a thread that is parked.
struct ThreadWaker(Thread);

impl Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        // Pairs with the park in `block_on`. An unpark that comes first is kept
        // for the next park, so that waking early is not lost.
        self.0.unpark();
    }
}

/// Runs a future on this thread until it is ready.
///
/// Never returns if the future is never woken, and panics as the future does.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(ThreadWaker(thread::current())));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            // May return for no reason: that costs one poll, and is no error.
            Poll::Pending => thread::park(),
        }
    }
}

/// Awaits an answer that another thread gives after it has been asked.
pub async fn ask(question: u32) -> u32 {
    println!("  asked, on the thread that waits");
    let (setter, answer) = promise();
    let other = thread::spawn(move || setter.set(question * 2));
    let answer = answer.await.expect("the other thread sets it");
    other.join().expect("the other thread does not panic");
    answer
}

/// Waits for another thread; with `forgetful`, for a wake-up that never comes.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, for the three ways to run a
/// coroutine, of which `asyncio.run` is this one.
pub fn demo(forgetful: bool) {
    println!("block_on: another thread answers");
    println!("  answer: {}", block_on(ask(21)));
    if forgetful {
        println!("block_on: a future that forgets its waker");
        block_on(std::future::poll_fn(|_| Poll::<()>::Pending));
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;
    use crate::limit::within_limit;

    #[test]
    fn an_answer_from_another_thread_arrives() {
        assert_eq!(within_limit(|| block_on(ask(21))), 42);
    }

    #[test]
    fn waking_early_is_not_lost() {
        let polls = within_limit(|| {
            let mut polls = 0;
            block_on(poll_fn(|cx| {
                polls += 1;
                // Before `Pending` is returned, and before the thread parks.
                cx.waker().wake_by_ref();
                if polls == 3 {
                    Poll::Ready(polls)
                } else {
                    Poll::Pending
                }
            }))
        });
        assert_eq!(polls, 3);
    }

    #[test]
    fn a_ready_future_is_polled_once() {
        let mut polls = 0;
        block_on(poll_fn(|_| {
            polls += 1;
            Poll::Ready(())
        }));
        assert_eq!(polls, 1);
    }
}
