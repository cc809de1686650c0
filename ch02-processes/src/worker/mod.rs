//! `Command::new(current_exe())`: a worker with a fresh memory.
//!
//! Python's `fork` gives a child a copy of its parent's memory; `spawn` and
//! `forkserver` give it a fresh interpreter. A Rust child is always fresh: the
//! parent has to send it its data.
//!
//! cargo run -p ch02-processes -- worker

use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

pub mod cli;

/// All code of this process can read it; no other process can.
static LIMIT: AtomicU64 = AtomicU64::new(1);

/// Reads a limit from stdin, if there is one, and prints the limit it uses.
///
/// # Errors
///
/// The line is not a number, or an I/O error.
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
/// The worker failed, or an I/O error.
pub fn ask(program: &Path, send: Option<u64>) -> Result<u64, Box<dyn Error>> {
    let mut worker = Command::new(program)
        // An argument that no user types. It does what Python's
        // `if __name__ == "__main__":` does: the child takes another path.
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
/// The workers' errors, or an I/O error.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    LIMIT.store(42, Ordering::Relaxed);
    let limit = LIMIT.load(Ordering::Relaxed);
    println!("parent: limit {limit}");
    println!("a fresh worker: limit {}", ask(&program, None)?);
    println!(
        "a worker that is sent it: limit {}",
        ask(&program, Some(limit))?
    );
    Ok(())
}

/// Prints how long a worker takes from its start to its end, the median of 11.
///
/// # Errors
///
/// The workers' errors, or an I/O error.
pub fn demo_times() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    let mut times = Vec::new();
    for _ in 0..11 {
        let started = Instant::now();
        ask(&program, None)?;
        times.push(started.elapsed().as_micros());
    }
    times.sort_unstable();
    println!("a started program: {} us", times[times.len() / 2]);
    Ok(())
}
