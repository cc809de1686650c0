//! What the user sees: the same, whichever engine does the work.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::codes::Code;
use super::job::{Event, Outcome};

/// How long an engine may take to stop after Ctrl-C. A thread that waits for a
/// server cannot be interrupted, only left behind.
const GRACE: Duration = Duration::from_millis(500);

/// What came of all the flags together.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many are on the disk.
    pub saved: usize,
    /// How many the server does not have.
    pub not_found: usize,
    /// The others, by what was wrong.
    pub errors: BTreeMap<String, Vec<Code>>,
}

impl Tally {
    /// Returns how many flags failed.
    pub fn failed(&self) -> usize {
        self.errors.values().map(Vec::len).sum()
    }

    /// Returns how many flags are accounted for.
    pub fn total(&self) -> usize {
        self.saved + self.not_found + self.failed()
    }

    /// Prints the three counters, each in every case, and what the errors were.
    pub fn print(&self) {
        println!("{} downloaded", counted(self.saved, "flag"));
        println!("{} not found", self.not_found);
        println!("{}", counted(self.failed(), "error"));
        for (what, codes) in &self.errors {
            let flags = counted(codes.len(), "flag");
            let mut codes = codes.clone();
            // They came in the order in which they failed.
            codes.sort();
            eprintln!("error: {what} ({flags}: {})", list(&codes, 5));
        }
    }
}

/// Says what will be done.
pub fn announce(codes: &[Code], connections: usize) {
    let flags = counted(codes.len(), "flag");
    match codes {
        [first, .., last] if codes.len() > 10 => {
            println!("Searching for {flags}: from {first} to {last}");
        }
        _ => println!("Searching for {flags}: {}", list(codes, 10)),
    }
    match connections {
        1 => println!("1 connection will be used."),
        n => println!("{n} concurrent connections will be used."),
    }
    println!("{}", "-".repeat(20));
}

/// Shows what happens until the engine is through, or Ctrl-C was pressed and
/// its time is over; returns what there is by then.
pub fn follow(
    events: &Receiver<Event>,
    wanted: usize,
    verbose: bool,
    stop: &CancellationToken,
) -> Tally {
    let mut tally = Tally::default();
    let bar = progress_bar(wanted, verbose);
    bar.tick();
    let mut give_up = None;
    loop {
        // Only a timer can wait for an event and for Ctrl-C at the same time:
        // a std channel has no `select!`.
        match events.recv_timeout(Duration::from_millis(50)) {
            Ok(event) => {
                if verbose {
                    describe(&event);
                }
                if let Event::Finished(code, result) = event {
                    bar.inc(1);
                    match result {
                        Ok(Outcome::Saved(_)) => tally.saved += 1,
                        Ok(Outcome::NotFound) => tally.not_found += 1,
                        Err(err) => {
                            let same = tally.errors.entry(err.to_string());
                            same.or_default().push(code);
                        }
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => bar.tick(),
            // Whoever could have told us something is gone.
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if stop.is_cancelled() {
            let deadline =
                give_up.get_or_insert_with(|| Instant::now() + GRACE);
            if Instant::now() >= *deadline {
                break;
            }
        }
    }
    bar.abandon();
    // What follows starts a line of its own, not behind the bar nor the `^C`.
    let begun = stop.is_cancelled() || !bar.is_hidden();
    if begun && io::stderr().is_terminal() {
        eprintln!();
    }
    tally
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

/// Returns a number with its noun, in singular or plural.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn list(codes: &[Code], most: usize) -> String {
    let shown: Vec<String> =
        codes.iter().take(most).map(Code::to_string).collect();
    let more = if codes.len() > most { " …" } else { "" };
    shown.join(" ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_does_not_stop_is_left_within_a_second() {
        assert!(GRACE < Duration::from_secs(1));
    }
}
