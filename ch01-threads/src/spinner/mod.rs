//! Stopping a thread: it ends when its channel's sender is dropped.
//!
//! A Python thread must call `Event.set`. Here the signal is the end of a
//! channel: its sender is dropped on every way out, on errors and panics, too.
//!
//! cargo run -p ch01-threads -- spinner

pub mod cli;

use std::convert::Infallible;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tracing::trace_span;

const FRAME: Duration = Duration::from_millis(100);

/// Draws a frame, waits, draws the next, until the other end of `done` drops.
///
/// The channel's items are of a type without values, so no item is ever sent:
/// only the end arrives. It wakes the waiting thread at once.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19, the spinner with threads.
pub fn spin(message: &str, frame: Duration, done: &Receiver<Infallible>) {
    let _runs = trace_span!("runs", lane = "spinner", "turns").entered();
    println!("spinner: started");
    for glyph in ['\\', '|', '/', '-'].into_iter().cycle() {
        // The cursor goes back to the margin, so that a line printed by
        // another thread overwrites the frame.
        draw(&format!(" {glyph} {message}\r"));
        match done.recv_timeout(frame) {
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    draw(&format!("{:1$}\r", "", message.len() + 3));
    println!("spinner: stopped");
}

/// Makes the call while a spinner turns; waits for both.
///
/// # Errors
///
/// The call's own error. The spinner has stopped by then.
pub fn supervise<T, E>(call: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    println!("main: spawning the spinner");
    // The scope joins its threads: no way out of this function leaves one
    // running.
    thread::scope(|scope| {
        let (working, done) = mpsc::channel();
        let spinner = scope.spawn(move || spin("thinking!", FRAME, &done));
        println!("main: spawned, is_finished: {}", spinner.is_finished());

        // An error leaves here, and drops `working` on the way.
        let answer = trace_span!("waits", "for the call").in_scope(call)?;
        println!("main: slow call returned");

        drop(working);
        let _waits = trace_span!("waits", "joins").entered();
        spinner.join().expect("the spinner does not panic");
        println!("main: joined");
        Ok(answer)
    })
}

/// Finds the answer, which takes 3 s.
///
/// # Errors
///
/// None; [`fail`] is the call that has some.
pub fn slow() -> Result<u32, &'static str> {
    thread::sleep(Duration::from_secs(3));
    Ok(42)
}

/// Looks for the answer for 1 s and gives up.
///
/// # Errors
///
/// Always.
pub fn fail() -> Result<u32, &'static str> {
    thread::sleep(Duration::from_secs(1));
    Err("the slow call failed")
}

/// Prints the answer, or hands on the call's error.
///
/// # Errors
///
/// The call's own.
pub fn demo(
    call: fn() -> Result<u32, &'static str>,
) -> Result<(), &'static str> {
    println!("Answer: {}", supervise(call)?);
    Ok(())
}

/// Writes to stderr if it is a terminal.
fn draw(text: &str) {
    let mut screen = io::stderr().lock();
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if screen.is_terminal() && !dumb {
        // A frame that cannot be shown is no reason to stop the work.
        screen.write_all(text.as_bytes()).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails a test that hangs: the failure that these tests look for.
    fn in_time<T: Send + 'static>(
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        let (tx, rx) = mpsc::channel();
        thread::spawn(move || tx.send(work()));
        rx.recv_timeout(Duration::from_secs(20)).expect("ends")
    }

    #[test]
    fn the_end_interrupts_the_wait_for_the_next_frame() {
        in_time(|| {
            let (working, done) = mpsc::channel();
            let hour = Duration::from_secs(3600);
            let spinner = thread::spawn(move || spin("test", hour, &done));
            drop(working);
            spinner.join().unwrap();
        });
    }

    #[test]
    fn a_failing_call_ends_the_spinner_too() {
        let outcome = in_time(|| supervise(|| Err::<(), _>("no answer")));
        assert_eq!(outcome, Err("no answer"));
    }

    #[test]
    fn a_panicking_call_ends_the_spinner_too() {
        let outcome = in_time(|| {
            std::panic::catch_unwind(|| {
                supervise(|| -> Result<(), ()> { panic!("no answer") })
            })
        });
        assert!(outcome.is_err());
    }

    #[test]
    fn a_call_that_works_hands_on_its_answer() {
        assert_eq!(in_time(|| supervise(|| Ok::<_, ()>(42))), Ok(42));
    }
}
