//! Termination: an empty queue of jobs is not the end of the work.
//!
//! The workers have taken the last jobs out of the queue. A collector that
//! stops when the queue is empty loses their answers.
//!
//! cargo run -p ch02-processes -- lost-results

use std::env;
use std::error::Error;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Takes a job, and answers it when its stdin ends: so the parent decides how
/// slow the worker is.
///
/// # Errors
///
/// The job is not a number, or an I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let mut stdin = io::stdin().lock();
    let mut job = String::new();
    stdin.read_line(&mut job)?;
    stdin.read_to_end(&mut Vec::new())?;
    let n: u64 = job.trim_end().parse()?;
    println!("{}", n * n);
    Ok(())
}

/// Worker processes that have taken every job out of the queue.
pub struct Busy {
    queue: Vec<u64>,
    workers: Vec<Child>,
}

impl Busy {
    /// Starts a worker for each of `jobs` and lets it take one.
    ///
    /// # Errors
    ///
    /// Any I/O error.
    pub fn start(program: &Path, jobs: &[u64]) -> io::Result<Busy> {
        let mut queue = jobs.to_vec();
        let mut workers = Vec::new();
        while let Some(job) = queue.pop() {
            let mut worker = Command::new(program)
                .args(["lost-results", "--child"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            if let Some(stdin) = &mut worker.stdin {
                writeln!(stdin, "{job}")?;
            }
            workers.push(worker);
        }
        Ok(Busy { queue, workers })
    }

    /// Collects until the queue is empty.
    ///
    /// # Errors
    ///
    /// Any I/O error.
    pub fn collect_broken(&mut self) -> io::Result<Vec<u64>> {
        let mut answers = Vec::new();
        while !self.queue.is_empty() {
            answers.extend(self.collect()?);
        }
        Ok(answers)
    }

    /// Collects until every worker has ended, and waits for each.
    ///
    /// # Errors
    ///
    /// An I/O error, or a worker's answer that is not a number.
    pub fn collect(&mut self) -> io::Result<Vec<u64>> {
        let mut answers = Vec::new();
        for mut worker in self.workers.drain(..) {
            // The end of its stdout comes after all answers of the worker, so
            // no answer is lost.
            let output = read_to_end(&mut worker)?;
            for line in output.lines() {
                answers.push(line.parse().map_err(io::Error::other)?);
            }
        }
        Ok(answers)
    }
}

fn read_to_end(worker: &mut Child) -> io::Result<String> {
    drop(worker.stdin.take());
    let mut output = String::new();
    if let Some(stdout) = &mut worker.stdout {
        stdout.read_to_string(&mut output)?;
    }
    worker.wait()?;
    Ok(output)
}

/// Collects the answers to four jobs in two ways.
///
/// # Errors
///
/// Any I/O error.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19, an early form of the pool.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let jobs = [1, 2, 3, 4];
    let mut busy = Busy::start(&env::current_exe()?, &jobs)?;
    let n = busy.collect_broken()?.len();
    println!("until the queue is empty: {n} of {} answers", jobs.len());
    let n = busy.collect()?.len();
    println!("until every worker has ended: {n} more");
    Ok(())
}
