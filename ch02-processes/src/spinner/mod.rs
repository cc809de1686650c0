//! Stopping a process: closing its stdin is the signal to end.
//!
//! The program starts itself a second time, and the child draws. The two share
//! no memory: the child's stdin ends when the parent closes it and when the
//! parent dies.
//!
//! cargo run -p ch02-processes -- spinner

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tour::interrupt;
use tracing::{trace, trace_span};

pub mod child;
pub mod cli;
pub mod prime;

/// A process that draws until [`SpinnerProcess::stop`] is called, or this value
/// is dropped.
pub struct Spinner {
    child: Child,
}

impl Spinner {
    /// Starts this executable again, as the child that draws.
    ///
    /// # Errors
    ///
    /// The system cannot start a process.
    ///
    /// Source: *Fluent Python*, 2nd ed., ch. 19, the spinner with processes.
    pub fn start() -> io::Result<Spinner> {
        let child = Command::new(env::current_exe()?)
            .args(["spinner", "--child"])
            .stdin(Stdio::piped())
            // The parent alone prints results. stderr is inherited: the child
            // draws on the parent's terminal.
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Spinner { child })
    }

    /// Closes the child's stdin and waits for its end.
    ///
    /// # Errors
    ///
    /// The system cannot wait.
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        drop(self.child.stdin.take());
        self.child.wait()
    }
}

impl Drop for Spinner {
    /// Waits for the child on every way out: a child without a `wait` stays in
    /// the process table as a zombie.
    fn drop(&mut self) {
        // After `stop` this has no effect; otherwise the error cannot be
        // returned.
        self.stop().ok();
    }
}

/// The reason why the slow call has no answer.
#[derive(Debug, PartialEq)]
pub enum Unanswered {
    /// It has failed.
    Failed,
    /// Ctrl-C came first.
    Interrupted,
}

/// Returns the answer after 3 s; with `fail`, an error after 1 s.
///
/// # Errors
///
/// [`Unanswered`]: asked to fail, or Ctrl-C arrived on `interrupted`.
pub fn slow(interrupted: &Receiver<()>, fail: bool) -> Result<u32, Unanswered> {
    let work = Duration::from_secs(if fail { 1 } else { 3 });
    match interrupted.recv_timeout(work) {
        Ok(()) => Err(Unanswered::Interrupted),
        Err(_) if fail => Err(Unanswered::Failed),
        Err(_) => Ok(42),
    }
}

/// Prints the life of a spinner process around a slow call.
///
/// Returns the answer, or `None` if Ctrl-C came first.
///
/// # Errors
///
/// An I/O error, or the slow call's own.
pub fn demo(fail: bool) -> Result<Option<u32>, Box<dyn Error>> {
    let (tx, interrupted) = mpsc::channel();
    // Fails only if the slow call has ended already.
    let _listening = interrupt::listen(move || tx.send(()).unwrap_or(()));
    let starts = trace_span!("runs", lane = "parent", "starts the child");
    let mut spinner = starts.in_scope(Spinner::start)?;
    drop(starts);
    trace!(lane = "child", state = "runs", "turns");
    // For a reader who wants to kill it; a closed stderr is no reason to stop.
    writeln!(io::stderr(), "spinner process: id {}", spinner.child.id()).ok();
    let alive = spinner.child.try_wait()?.is_none();
    println!("spinner process: started, alive: {alive}");

    trace!(lane = "parent", state = "waits", "for the slow call");
    let answer = match slow(&interrupted, fail) {
        Ok(answer) => answer,
        Err(Unanswered::Failed) => return Err("the slow call failed".into()),
        Err(Unanswered::Interrupted) => return Ok(None),
    };

    trace!(lane = "parent", state = "waits", "for the child's end");
    let status = spinner.stop()?;
    trace!(lane = "child", state = "ends");
    trace!(lane = "parent", state = "ends");
    println!("spinner process: stopped, exit code: {:?}", status.code());
    println!("Answer: {answer}");
    Ok(Some(answer))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn ctrl_c_cuts_the_slow_call_short() {
        let (tx, interrupted) = mpsc::channel();
        tx.send(()).unwrap();
        assert_eq!(slow(&interrupted, false), Err(Unanswered::Interrupted));
    }
}
