//! `trait Future`, whole: `poll`, and an executor that polls in circles.
//!
//! cargo run -p ch04-async -- future

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// A future that is ready from a moment on.
///
/// Wakes no task: it needs an executor that asks again and again.
pub struct Until(Instant);

impl Future for Until {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if Instant::now() < self.0 {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }
}

/// Waits, then says what is done.
pub async fn cook(what: &str, takes: Duration) {
    Until(Instant::now() + takes).await;
    println!("{what}: done");
}

/// A future in a box, with any type inside.
pub type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Polls all tasks in turn until all are ready; returns how often it polled.
pub fn run_in_circles(mut tasks: Vec<Task<'_>>) -> u64 {
    // A waker that does nothing, because this executor never sleeps.
    let mut cx = Context::from_waker(Waker::noop());
    let mut polls = 0;
    while !tasks.is_empty() {
        tasks.retain_mut(|task| {
            polls += 1;
            task.as_mut().poll(&mut cx).is_pending()
        });
    }
    polls
}

/// Runs two tasks on one thread, and counts the polls.
pub fn demo() {
    let rice = cook("rice", Duration::from_millis(200));
    let tea = cook("tea", Duration::from_millis(100));
    println!("made two futures");
    let polls = run_in_circles(vec![Box::pin(tea), Box::pin(rice)]);
    println!("polled {polls} times");
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::ready;

    use super::*;

    #[test]
    fn a_future_that_is_ready_is_polled_once() {
        let done = Cell::new(0);
        let task = async { done.set(ready(7).await) };
        assert_eq!(run_in_circles(vec![Box::pin(task)]), 1);
        assert_eq!(done.get(), 7);
    }

    #[test]
    fn tasks_that_wait_are_polled_in_turn() {
        let start = Instant::now();
        let at = Duration::from_millis(20);
        run_in_circles(vec![Box::pin(cook("a", at)), Box::pin(cook("b", at))]);
        assert!(start.elapsed() >= at);
    }
}
