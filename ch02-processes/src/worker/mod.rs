//! The same executable is its own worker, and starts from nothing.
//!
//! Python's `fork` gives a child a copy of its parent's memory, `spawn` a fresh
//! interpreter. A Rust child is always fresh: what it is to know is sent.
//!
//! cargo run -p ch02-processes -- worker

use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

/// What everybody in this process can see, and nobody outside of it.
static LIMIT: AtomicU64 = AtomicU64::new(1);

/// Reads a limit from stdin, if there is one, and prints the one it uses.
///
/// # Errors
///
/// What was sent is no number, or the system's.
pub fn child() -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    if !line.is_empty() {
        LIMIT.store(line.trim_end().parse()?, Ordering::Relaxed);
    }
    println!("{}", LIMIT.load(Ordering::Relaxed));
    Ok(())
}

/// Asks a fresh worker for its limit, and may send it one first.
///
/// # Errors
///
/// The worker failed, or the system's.
pub fn ask(program: &Path, send: Option<u64>) -> Result<u64, Box<dyn Error>> {
    let mut worker = Command::new(program)
        // An argument that no user types, and the first thing `main` looks
        // at: what Python's `if __name__ == "__main__":` is for.
        .args(["worker", "--child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (stdin, stdout) = (worker.stdin.take(), worker.stdout.take());
    if let (Some(mut stdin), Some(limit)) = (stdin, send) {
        writeln!(stdin, "{limit}")?;
    }
    let mut line = String::new();
    if let Some(stdout) = stdout {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    let status = worker.wait()?;
    if !status.success() {
        return Err(format!("the worker ended: {status}").into());
    }
    Ok(line.trim_end().parse()?)
}

/// Changes a variable and asks two workers for theirs.
///
/// # Errors
///
/// The workers' or the system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    LIMIT.store(42, Ordering::Relaxed);
    let limit = LIMIT.load(Ordering::Relaxed);
    println!("parent: limit {limit}");
    println!("a fresh worker: limit {}", ask(&program, None)?);
    println!("one that was told: limit {}", ask(&program, Some(limit))?);
    Ok(())
}
