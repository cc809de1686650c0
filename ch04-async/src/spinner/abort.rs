//! Abort: the task's future is dropped where it waits.
//!
//! No exception is raised inside: there is nothing to catch, and nothing to
//! swallow. What must happen at the end belongs in a `Drop`.

use std::time::Duration;

use tokio::task;
use tokio::time;
use tracing::trace;

use super::{Event, FRAME, GLYPHS, Line, slow};

/// Turns until it is stopped.
pub async fn spin(mut line: Line) {
    // Endless, but the compiler cannot see that: it accepts the code below.
    for glyph in GLYPHS.chars().cycle() {
        line.draw(glyph);
        // An abort ends the task at this await. `line` is dropped with it.
        time::sleep(FRAME).await;
    }
    // Python gets here: `except CancelledError: break`. Rust never does.
    line.tell(Event::AfterLoop);
}

/// Stops the spinner in the function that started it.
pub async fn supervisor(work: Duration) {
    let (line, history) = Line::new("thinking!");
    let spinner = task::spawn(spin(line));
    let answer = slow(work).await;
    spinner.abort();
    // Abort returns at once. Only awaiting the handle waits for the drop.
    trace!(state = "waits", "for the end of the aborted spinner");
    let ended = spinner.await;

    println!("  answer: {answer}");
    println!("  spinner: {history}");
    let cancelled = ended.is_err_and(|err| err.is_cancelled());
    println!("  its handle: is_cancelled() is {cancelled}");
}

/// Stops the spinner from the end of the slow task, as a done-callback would.
///
/// If the slow call panicked, the spinner would not be stopped: prefer
/// [`supervisor`], where start and stop stand together.
pub async fn callback(work: Duration) {
    let (line, history) = Line::new("thinking!");
    let spinner = task::spawn(spin(line));
    let stop = spinner.abort_handle();
    let slow = task::spawn(async move {
        let answer = slow(work).await;
        stop.abort();
        answer
    });
    let ended = spinner.await;
    let answer = slow.await.expect("the slow task does not panic");

    println!("  answer: {answer}");
    println!("  spinner: {history}");
    let cancelled = ended.is_err_and(|err| err.is_cancelled());
    println!("  its handle: is_cancelled() is {cancelled}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_aborted_task_runs_its_guard_once_and_nothing_after_its_loop() {
        let (line, history) = Line::new("");
        let spinner = task::spawn(spin(line));
        slow(FRAME * 3 / 2).await;
        spinner.abort();
        assert!(spinner.await.unwrap_err().is_cancelled());
        let events = history.take();
        assert_eq!(events, [Event::Frame, Event::Frame, Event::Erased]);
    }

    #[tokio::test(start_paused = true)]
    async fn abort_returns_before_the_task_is_gone() {
        let (line, history) = Line::new("");
        let spinner = task::spawn(spin(line));
        slow(FRAME / 2).await;
        spinner.abort();
        assert_eq!(history.take(), [Event::Frame]);
        spinner.await.unwrap_err();
        assert_eq!(history.take(), [Event::Erased]);
    }

    #[test]
    fn a_runtime_that_ends_drops_the_tasks_that_were_not_stopped() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let (line, history) = Line::new("");
        let failed: Result<(), &str> = runtime.block_on(async {
            task::spawn(spin(line));
            slow(FRAME / 2).await;
            Err("the slow call failed, and nothing below this line runs")
        });
        failed.unwrap_err();
        assert_eq!(history.take(), [Event::Frame]);
        drop(runtime);
        assert_eq!(history.take(), [Event::Erased]);
    }
}
