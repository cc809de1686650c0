//! Drop the handle: the task goes on. Drop the future: it is over.
//!
//! A `JoinHandle` is a ticket for the result, not the task. The runtime owns
//! the task, so it cannot vanish, as a Python task without a reference can.

use std::time::Duration;

use tokio::task;

use super::{Line, slow, spin};

/// Drops a spinner's handle, and watches it turn on.
pub async fn detach(work: Duration) {
    let (line, history) = Line::new("thinking!");
    let spinner = task::spawn(spin(line));
    let stop = spinner.abort_handle();
    slow(work).await;
    drop(spinner);
    let before = history.take_frames();
    slow(work).await;
    let after = history.take_frames();

    // Without this it would turn until the runtime is dropped.
    stop.abort();
    while !stop.is_finished() {
        task::yield_now().await;
    }
    println!("  before: {before} frames, after: {after} frames more");
}

/// Polls spinner and slow call in one task, and drops the one that is left.
pub async fn drop_future(work: Duration) {
    let (line, history) = Line::new("thinking!");
    // No task, no handle: select! owns both futures. When one is ready it drops
    // the other, at the await where it happens to be.
    let answer = tokio::select! {
        answer = slow(work) => answer,
        () = spin(line) => unreachable!("a spinner never ends by itself"),
    };
    println!("  answer: {answer}");
    println!("  spinner: {history}");
}

#[cfg(test)]
mod tests {
    use super::super::{Event, FRAME};
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_goes_on_when_its_handle_is_dropped() {
        let (line, history) = Line::new("");
        drop(task::spawn(spin(line)));
        slow(FRAME * 5 / 2).await;
        assert_eq!(history.take(), [Event::Frame; 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_future_runs_its_guard_and_nothing_after_its_loop() {
        let (line, history) = Line::new("");
        tokio::select! {
            _ = slow(FRAME / 2) => {}
            () = spin(line) => unreachable!(),
        }
        assert_eq!(history.take(), [Event::Frame, Event::Erased]);
    }

    #[test]
    fn a_future_that_is_never_polled_does_nothing() {
        let (line, history) = Line::new("");
        drop(spin(line));
        assert_eq!(history.take(), []);
    }
}
