//! A stage of a pipeline moves into a process, and the stages around it stay.
//!
//! What makes it a stage is `send` and `close`. Both must reach the far end:
//! there, `close` is the end of a pipe.
//!
//! cargo run -p ch02-processes -- stage

use std::env;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

/// Something that is sent lines, and told when there are no more.
pub trait Stage {
    /// Takes a line, without its end.
    ///
    /// # Errors
    ///
    /// The system's; the pipeline is of no use then.
    fn send(&mut self, line: &str) -> io::Result<()>;

    /// Ends this stage and whatever comes after it.
    ///
    /// # Errors
    ///
    /// The system's.
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

/// Prints lines, and that it was closed.
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

/// The stages of a child process, of which this one sees a pipe.
pub struct Remote {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Remote {
    /// Starts a child that greps and prints.
    ///
    /// # Errors
    ///
    /// The system's.
    ///
    /// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, 2009,
    /// part 5: `sendto` and `recvfrom`.
    pub fn start(program: &Path) -> io::Result<Remote> {
        let mut child = Command::new(program)
            .args(["stage", "--child"])
            .stdin(Stdio::piped())
            // stdout is inherited: the last stage prints for us all.
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
                // A child that ended well has had enough, as `head` has.
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
        // After `close` this is done; otherwise there is an error already.
        self.end().ok();
    }
}

/// Feeds the lines of stdin to a grep and a printer, and closes them.
///
/// # Errors
///
/// The system's.
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
/// The system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let log = || LOG.iter().map(|line| Ok(line.to_string()));
    println!("in this process:");
    feed(log(), grep())?;
    println!("in another process:");
    feed(log(), Remote::start(&env::current_exe()?)?)?;
    println!("the other process has ended");
    Ok(())
}
