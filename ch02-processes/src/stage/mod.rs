//! Pipeline stage in a process: the stages around it do not change.
//!
//! A stage has `send` and `close`. Both must reach the last stage: in the other
//! process, `close` arrives as the end of a pipe.
//!
//! cargo run -p ch02-processes -- stage

use std::env;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

/// A stage of a pipeline: it receives lines, and one `close` after the last.
pub trait Stage {
    /// Takes a line, without its end.
    ///
    /// # Errors
    ///
    /// Any I/O error; the pipeline must not be used any more.
    fn send(&mut self, line: &str) -> io::Result<()>;

    /// Ends this stage and the stages after it.
    ///
    /// # Errors
    ///
    /// Any I/O error.
    fn close(self) -> io::Result<()>;
}

/// Passes on the lines that contain a word.
pub struct Grep<T> {
    word: &'static str,
    next: T,
}

impl<T: Stage> Stage for Grep<T> {
    fn send(&mut self, line: &str) -> io::Result<()> {
        if line.contains(self.word) {
            self.next.send(line)?;
        }
        Ok(())
    }

    fn close(self) -> io::Result<()> {
        self.next.close()
    }
}

/// Prints lines, and a last line when it is closed.
pub struct Printer;

impl Stage for Printer {
    fn send(&mut self, line: &str) -> io::Result<()> {
        println!("  {line}");
        Ok(())
    }

    fn close(self) -> io::Result<()> {
        println!("  the printer is closed");
        Ok(())
    }
}

/// The stages in a child process, behind a pipe.
pub struct Remote {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Remote {
    /// Starts a child that greps and prints.
    ///
    /// # Errors
    ///
    /// Any I/O error.
    ///
    /// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, 2009,
    /// part 5: `sendto` and `recvfrom`.
    pub fn start(program: &Path) -> io::Result<Remote> {
        let mut child = Command::new(program)
            .args(["stage", "--child"])
            .stdin(Stdio::piped())
            // stdout is inherited: the last stage prints to the parent's.
            .spawn()?;
        let stdin = child.stdin.take();
        Ok(Remote { child, stdin })
    }

    /// Closes the pipe and waits for the child.
    fn end(&mut self) -> io::Result<ExitStatus> {
        drop(self.stdin.take());
        self.child.wait()
    }
}

impl Stage for Remote {
    fn send(&mut self, line: &str) -> io::Result<()> {
        let Some(stdin) = &mut self.stdin else {
            return Ok(());
        };
        match writeln!(stdin, "{line}") {
            Err(err) if err.kind() == io::ErrorKind::BrokenPipe => {
                // A child that ended with success needs no more lines.
                self.end()?.success().then_some(()).ok_or(err)
            }
            sent => sent,
        }
    }

    fn close(mut self) -> io::Result<()> {
        self.end().map(drop)
    }
}

impl Drop for Remote {
    /// Closes on every way out, an error in the source included.
    fn drop(&mut self) {
        // No effect after `close`; otherwise there is an error already.
        self.end().ok();
    }
}

/// Feeds the lines of stdin to a grep and a printer, and closes them.
///
/// # Errors
///
/// Any I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    feed(io::stdin().lock().lines(), grep())?;
    Ok(())
}

fn grep() -> Grep<Printer> {
    Grep {
        word: "error",
        next: Printer,
    }
}

fn feed(
    lines: impl Iterator<Item = io::Result<String>>,
    mut first: impl Stage,
) -> io::Result<()> {
    for line in lines {
        first.send(&line?)?;
    }
    first.close()
}

const LOG: [&str; 4] =
    ["started", "error: disk full", "retrying", "error: no route"];

/// Runs the same pipeline in this process and in another.
///
/// # Errors
///
/// Any I/O error.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let log = || LOG.iter().map(|line| Ok(line.to_string()));
    println!("in this process:");
    feed(log(), grep())?;
    println!("in another process:");
    feed(log(), Remote::start(&env::current_exe()?)?)?;
    println!("the other process has ended");
    Ok(())
}
