//! Token: the task is asked, and ends in its own way.
//!
//! The loop looks at it at an await that the author chose, then runs on like
//! any code: it can tidy up with more awaits, and return a value.

use std::time::Duration;

use tokio::{task, time};
use tokio_util::sync::CancellationToken;

use super::{Event, FRAME, GLYPHS, Line, slow};

/// Turns until `token` is cancelled; returns the number of frames.
pub async fn spin_until(token: CancellationToken, mut line: Line) -> usize {
    let mut frames = 0;
    for glyph in GLYPHS.chars().cycle() {
        line.draw(glyph);
        frames += 1;
        let wait = token.run_until_cancelled(time::sleep(FRAME));
        if wait.await.is_none() {
            break;
        }
    }
    line.tell(Event::AfterLoop);
    frames
}

/// Asks the spinner to stop and takes what it returns.
pub async fn ask(work: Duration) {
    let (line, history) = Line::new("thinking!");
    let token = CancellationToken::new();
    let spinner = task::spawn(spin_until(token.clone(), line));
    let answer = slow(work).await;
    token.cancel();
    let ended = spinner.await;

    println!("  answer: {answer}");
    println!("  spinner: {history}");
    println!("  its handle: {ended:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_is_asked_returns_its_frame_count() {
        let (line, history) = Line::new("");
        let token = CancellationToken::new();
        let spinner = task::spawn(spin_until(token.clone(), line));
        slow(FRAME * 3 / 2).await;
        token.cancel();
        assert_eq!(spinner.await.unwrap(), 2);
        use Event::{AfterLoop, Erased, Frame};
        assert_eq!(history.take(), [Frame, Frame, AfterLoop, Erased]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_does_not_wait_for_the_next_frame() {
        let (line, _history) = Line::new("");
        let token = CancellationToken::new();
        token.cancel();
        let start = time::Instant::now();
        assert_eq!(spin_until(token, line).await, 1);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
