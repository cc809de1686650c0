//! What the user sees meanwhile: a bar, or a line for each event.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::codes::Code;
use super::error::FetchError;
use super::job::{Event, Job, Outcome};
use super::report::Tally;

/// How long an engine may take to stop after Ctrl-C. A thread that waits for a
/// server cannot be interrupted, only left behind.
const GRACE: Duration = Duration::from_millis(500);

/// How following an engine came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The engine was through.
    Through,
    /// It is at work, or stuck, and is no longer waited for.
    LeftBehind,
}

/// Shows what happens until the engine is through, or Ctrl-C was pressed and
/// its time is over, or nothing was heard of it for too long.
///
/// The last is a deadline from outside. The time limits of an event loop are
/// timers on that loop, and a poll that does not end stops them, too. Flags
/// that are not done by then count as timed out.
pub fn follow(
    events: &Receiver<Event>,
    job: &Job,
    verbose: bool,
    stop: &CancellationToken,
) -> (Tally, End) {
    let mut view = View::new(job, verbose);
    let mut last_news = Instant::now();
    let mut interrupted = None;
    let end = loop {
        // Only a timer can wait for an event and for Ctrl-C at the same time:
        // a std channel has no `select!`.
        match events.recv_timeout(Duration::from_millis(50)) {
            Ok(event) => {
                last_news = Instant::now();
                view.note(event);
            }
            Err(RecvTimeoutError::Timeout) => view.bar.tick(),
            // All senders of events are gone.
            Err(RecvTimeoutError::Disconnected) => break End::Through,
        }
        if stop.is_cancelled() {
            let since = interrupted.get_or_insert_with(Instant::now);
            if since.elapsed() >= GRACE {
                break End::LeftBehind;
            }
        } else if last_news.elapsed() >= job.longest_silence() {
            view.time_out();
            break End::LeftBehind;
        }
    };
    view.bar.abandon();
    // What follows starts a line of its own, not behind the bar nor the `^C`.
    let begun = stop.is_cancelled() || !view.bar.is_hidden();
    if begun && io::stderr().is_terminal() {
        eprintln!();
    }
    (view.tally, end)
}

/// What is shown and counted.
struct View {
    tally: Tally,
    unfinished: Vec<Code>,
    bar: ProgressBar,
    verbose: bool,
}

impl View {
    fn new(job: &Job, verbose: bool) -> View {
        let bar = progress_bar(job.codes.len(), verbose);
        bar.tick();
        View {
            tally: Tally::default(),
            unfinished: job.codes.clone(),
            bar,
            verbose,
        }
    }

    fn note(&mut self, event: Event) {
        if self.verbose {
            describe(&event);
        }
        if let Event::Finished(code, result) = event {
            self.bar.inc(1);
            // A code may be wanted twice: one of the two is done.
            let done = self.unfinished.iter().position(|&c| c == code);
            done.map(|at| self.unfinished.swap_remove(at));
            self.tally.count(code, result);
        }
    }

    fn time_out(&mut self) {
        for code in self.unfinished.clone() {
            self.note(Event::Finished(code, Err(FetchError::TimedOut)));
        }
    }
}

fn progress_bar(wanted: usize, verbose: bool) -> ProgressBar {
    if verbose {
        return ProgressBar::hidden();
    }
    // On stderr, and only if that is a terminal that can move its cursor.
    ProgressBar::new(wanted as u64).with_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} flags")
            .expect("a constant, which the tests have drawn"),
    )
}

/// Prints a line for each thing that happens to a flag, its code in brackets.
fn describe(event: &Event) {
    match event {
        Event::Queued(code) => println!("[{code}] queued"),
        Event::Started(code) => println!("[{code}] started"),
        // When, and how often, depends on the clock: not for stdout.
        Event::Retrying(code, err, wait) => {
            eprintln!("[{code}] {err}; again in {:.1} s", wait.as_secs_f64());
        }
        Event::Finished(code, Ok(Outcome::Saved(received))) => {
            let unknown = if received.length_known {
                ""
            } else {
                ", length unknown"
            };
            println!("[{code}] {} bytes{unknown}", received.bytes);
        }
        Event::Finished(code, Ok(Outcome::NotFound)) => {
            println!("[{code}] not found");
        }
        Event::Finished(code, Err(err)) => println!("[{code}] error: {err}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_does_not_stop_is_left_within_a_second() {
        assert!(GRACE < Duration::from_secs(1));
    }
}
