//! Cost of a process: its start and a long message, beside a thread's.
//!
//! Measures how long a new thread or process takes to answer, and how long a
//! message takes there and back. It prints the median of several rounds.
//!
//! cargo run -p ch02-processes -- costs

use std::env;
use std::error::Error;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::framing::{receive, send};

/// Sends every message back.
///
/// # Errors
///
/// An invalid frame, or an I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    while let Some(text) = receive::<String>(&mut stdin)? {
        send(&mut stdout, &text)?;
    }
    Ok(())
}

/// Sends every message back, from a thread or from a process.
pub trait Echo: Sized {
    /// Sends a text, and waits until it is back.
    ///
    /// # Errors
    ///
    /// The other side has ended.
    fn echo(&mut self, text: String) -> io::Result<String>;
}

/// A thread behind two channels.
pub struct InThread(Sender<String>, Receiver<String>);

impl InThread {
    /// Starts the thread, which ends when this is dropped.
    pub fn start() -> InThread {
        let (tx, questions) = mpsc::channel::<String>();
        let (answers, rx) = mpsc::channel();
        thread::spawn(move || {
            for text in questions {
                if answers.send(text).is_err() {
                    break;
                }
            }
        });
        InThread(tx, rx)
    }
}

impl Echo for InThread {
    fn echo(&mut self, text: String) -> io::Result<String> {
        // No byte is copied: the text's owner changes, twice.
        self.0.send(text).map_err(io::Error::other)?;
        self.1.recv().map_err(io::Error::other)
    }
}

/// A process behind two pipes.
pub struct InProcess {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl InProcess {
    /// Starts the process.
    ///
    /// # Errors
    ///
    /// Any I/O error.
    pub fn start(program: &Path) -> io::Result<InProcess> {
        let mut child = Command::new(program)
            .args(["costs", "--child"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = child.stdin.take();
        // Requested three lines above.
        let from = child.stdout.take().expect("stdout is a pipe");
        Ok(InProcess {
            child,
            to,
            from: BufReader::new(from),
        })
    }

    /// Returns the process's id, to measure its memory by.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Echo for InProcess {
    fn echo(&mut self, text: String) -> io::Result<String> {
        if let Some(to) = &mut self.to {
            send(to, &text)?;
        }
        let came = receive(&mut self.from).map_err(io::Error::other)?;
        came.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        drop(self.to.take());
        // The process has ended; the bench does not need its status.
        self.child.wait().ok();
    }
}

/// Returns how long a new echo takes to start and to answer once, the median
/// of `rounds`.
///
/// # Errors
///
/// Any I/O error.
pub fn start_to_answer<E: Echo>(
    rounds: usize,
    start: impl Fn() -> io::Result<E>,
) -> io::Result<Duration> {
    median(rounds, || {
        let started = Instant::now();
        let mut one = start()?;
        one.echo(String::new())?;
        let took = started.elapsed();
        // Not part of the time: its end.
        drop(one);
        Ok(took)
    })
}

/// Returns how long `bytes` bytes take there and back, the median of `rounds`.
///
/// # Errors
///
/// The other side has ended.
pub fn there_and_back(
    rounds: usize,
    one: &mut impl Echo,
    bytes: usize,
) -> io::Result<Duration> {
    let mut text = "x".repeat(bytes);
    median(rounds, || {
        let started = Instant::now();
        text = one.echo(std::mem::take(&mut text))?;
        Ok(started.elapsed())
    })
}

fn median(
    rounds: usize,
    mut measure: impl FnMut() -> io::Result<Duration>,
) -> io::Result<Duration> {
    let times: io::Result<Vec<_>> = (0..rounds).map(|_| measure()).collect();
    let mut times = times?;
    times.sort_unstable();
    Ok(times.get(rounds / 2).copied().unwrap_or_default())
}

/// Prints the cost of a start and of a message.
///
/// # Errors
///
/// Any I/O error.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    let thread = start_to_answer(21, || Ok(InThread::start()))?;
    let process = start_to_answer(21, || InProcess::start(&program))?;
    println!("start to first answer");
    println!("  thread: {} us", thread.as_micros());
    println!("  process: {} us", process.as_micros());

    let mut in_thread = InThread::start();
    let mut in_process = InProcess::start(&program)?;
    println!("100,000 bytes there and back");
    let thread = there_and_back(101, &mut in_thread, 100_000)?;
    let process = there_and_back(101, &mut in_process, 100_000)?;
    println!("  thread: {} us", thread.as_micros());
    println!("  process: {} us", process.as_micros());
    Ok(())
}
