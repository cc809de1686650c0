//! A process is told to stop by the end of a pipe.
//!
//! The program starts itself a second time, and the child draws. Nothing is
//! shared: the event is the child's stdin, which ends when the parent closes it
//! and when the parent dies.
//!
//! cargo run -p ch02-processes -- spinner

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tour::interrupt;

pub mod child;
pub mod cli;

/// A process that draws until it is told to stop, or dropped.
pub struct Spinner {
    child: Child,
}

impl Spinner {
    /// Starts this executable again, as the child that draws.
    ///
    /// # Errors
    ///
    /// The system's, when it starts no process.
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

    /// Tells the child to stop and waits until it has.
    ///
    /// # Errors
    ///
    /// The system's, when it cannot wait.
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        drop(self.child.stdin.take());
        self.child.wait()
    }
}

impl Drop for Spinner {
    /// Waits for the child on every way out: a child nobody waits for stays in
    /// the process table as a zombie.
    fn drop(&mut self) {
        // After `stop` this is done, and there is nobody left to tell.
        self.stop().ok();
    }
}

/// What can go wrong with the slow call.
#[derive(Debug, PartialEq)]
pub enum Unanswered {
    /// It found nothing.
    Failed,
    /// Ctrl-C came first.
    Interrupted,
}

/// Finds the answer in 3 s, unless it is to `fail`, for which 1 s is enough.
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
/// What the system or the slow call did not do.
pub fn demo(fail: bool) -> Result<Option<u32>, Box<dyn Error>> {
    let (tx, interrupted) = mpsc::channel();
    // Nobody waits any more: then it makes no difference.
    let _listening = interrupt::listen(move || tx.send(()).unwrap_or(()));
    let mut spinner = Spinner::start()?;
    // For whoever wants to kill it; if nobody reads this, the show goes on.
    writeln!(io::stderr(), "spinner process: id {}", spinner.child.id()).ok();
    let alive = spinner.child.try_wait()?.is_none();
    println!("spinner process: started, alive: {alive}");

    let answer = match slow(&interrupted, fail) {
        Ok(answer) => answer,
        Err(Unanswered::Failed) => return Err("the slow call failed".into()),
        Err(Unanswered::Interrupted) => return Ok(None),
    };

    let status = spinner.stop()?;
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
