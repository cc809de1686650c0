//! A pool of worker processes: one bounded queue, and answers as they arrive.
//!
//! Each worker process has a thread here that asks it and waits for its answer.
//! For primes threads would do; a process can also crash without the others.
//!
//! cargo run -p ch02-processes -- primes

pub mod cli;

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::framing::{receive, send};

/// Largest first: the numbers that take longest begin first.
pub const NUMBERS: [u64; 12] = [
    5_000_111_000_222_021,
    1_000_000_000_000_037,
    999_998_950_017_311,
    99_999_999_999_973,
    1_000_036_000_099,
    999_999_999_989,
    1_000_000_007,
    75_000_027,
    1_000_003,
    9_409,
    2,
    1,
];

/// For the times: the first is quick, the second takes longest.
pub const WAITING: [u64; 6] = [
    9_999_999_999_999_999,
    5_000_111_000_222_021,
    1_000_000_000_000_037,
    1_000_000_007,
    1_000_003,
    2,
];

/// Tells whether `n` is prime, by dividing by every odd number up to its root.
pub fn is_prime(n: u64) -> bool {
    if n < 2 || n.is_multiple_of(2) {
        return n == 2;
    }
    // A loop, not an iterator chain: this runs in unoptimised builds, too.
    let (mut i, root) = (3, n.isqrt());
    while i <= root {
        if n.is_multiple_of(i) {
            return false;
        }
        i += 2;
    }
    true
}

/// Whether a number is prime, and its place in the input.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub struct Answer {
    at: usize,
    n: u64,
    prime: bool,
}

/// Answers numbers until stdin ends.
///
/// # Errors
///
/// An invalid frame, or an I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    while let Some((at, n)) = receive(&mut stdin)? {
        let prime = is_prime(n);
        send(&mut stdout, &Answer { at, n, prime })?;
    }
    Ok(())
}

/// A worker process, and the two pipes to it.
struct Worker {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Worker {
    fn start(program: &Path) -> io::Result<Worker> {
        let mut child = Command::new(program)
            .args(["primes", "--child"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (to, from) = (child.stdin.take(), child.stdout.take());
        // Requested three lines above.
        let to = to.expect("stdin is a pipe");
        let from = BufReader::new(from.expect("stdout is a pipe"));
        Ok(Worker { child, to, from })
    }

    fn ask(&mut self, job: (usize, u64)) -> Result<Answer, Box<dyn Error>> {
        send(&mut self.to, &job)?;
        receive(&mut self.from)?.ok_or_else(|| "the worker is gone".into())
    }

    fn stop(self) -> io::Result<()> {
        let Worker { mut child, to, .. } = self;
        drop(to);
        child.wait()?;
        Ok(())
    }
}

/// Sends `numbers` to worker processes; calls `see` with each answer.
///
/// # Errors
///
/// A worker did not start, or did not answer.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19, the home-made process pool.
pub fn check(
    program: &Path,
    workers: usize,
    numbers: &[u64],
    mut see: impl FnMut(Answer),
) -> Result<(), String> {
    thread::scope(|scope| {
        // Two jobs for each worker: no worker waits for its next job, and the
        // queue is never longer, however many numbers there are.
        let (queue, jobs) = mpsc::sync_channel(workers * 2);
        // Owned by the workers' threads: when the last thread has failed, the
        // queue has no receiver, and `send` returns an error below.
        let jobs = Arc::new(Mutex::new(jobs));
        let (tx, answers) = mpsc::channel();
        for _ in 0..workers {
            let (jobs, tx) = (Arc::clone(&jobs), tx.clone());
            scope.spawn(move || work(program, &jobs, &tx));
        }
        // The loop below ends when the last sender is dropped, by the worker's
        // thread that ends last.
        drop((jobs, tx));
        scope.spawn(move || {
            let mut jobs = numbers.iter().copied().enumerate();
            // Ends early if all workers have failed.
            jobs.all(|job| queue.send(job).is_ok());
        });
        for answer in answers {
            see(answer?);
        }
        Ok(())
    })
}

/// Sends a worker's answers to `tx`, and its error if it fails.
fn work(
    program: &Path,
    jobs: &Mutex<Receiver<(usize, u64)>>,
    tx: &mpsc::Sender<Result<Answer, String>>,
) {
    let done = drive(program, jobs, |answer| {
        // The receiver is dropped only after an error.
        tx.send(Ok(answer)).ok();
    });
    if let Err(err) = done {
        tx.send(Err(err.to_string())).ok();
    }
}

/// Asks one worker, job by job, until the queue ends.
fn drive(
    program: &Path,
    jobs: &Mutex<Receiver<(usize, u64)>>,
    see: impl Fn(Answer),
) -> Result<(), Box<dyn Error>> {
    let mut worker = Worker::start(program)?;
    loop {
        // Held while it waits: one thread gets the next job.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => see(worker.ask(job)?),
            Err(_) => break,
        }
    }
    worker.stop()?;
    Ok(())
}

/// Puts answers back into the order of the numbers.
///
/// An early answer waits for the ones before it, in memory.
pub fn in_order(mut see: impl FnMut(Answer)) -> impl FnMut(Answer) {
    let (mut next, mut early) = (0, BTreeMap::new());
    move |answer| {
        early.insert(answer.at, answer);
        while let Some(answer) = early.remove(&next) {
            next += 1;
            see(answer);
        }
    }
}

fn print(Answer { n, prime, .. }: Answer) {
    println!("{n:>16}  {}", if prime { "P" } else { "" });
}

/// Prints each answer when it arrives.
///
/// # Errors
///
/// A worker's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let workers = thread::available_parallelism()?.get();
    Ok(check(&env::current_exe()?, workers, &NUMBERS, print)?)
}

/// Prints each answer when its turn has come.
///
/// # Errors
///
/// A worker's.
pub fn demo_ordered() -> Result<(), Box<dyn Error>> {
    let workers = thread::available_parallelism()?.get();
    let program = env::current_exe()?;
    Ok(check(&program, workers, &NUMBERS, in_order(print))?)
}

/// Prints when each answer is printed, in order and as they arrive.
///
/// # Errors
///
/// A worker's.
pub fn demo_times() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    for ordered in [true, false] {
        println!("{}", if ordered { "in order" } else { "as they come" });
        let started = Instant::now();
        let show = |answer: Answer| {
            let ms = started.elapsed().as_millis();
            println!("{:>16}  after {ms} ms", answer.n);
        };
        match ordered {
            true => check(&program, 2, &WAITING, in_order(show))?,
            false => check(&program, 2, &WAITING, show)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_early_answer_waits_for_its_turn() {
        let mut seen = Vec::new();
        let mut see = in_order(|answer| seen.push(answer.at));
        for at in [2, 0, 3, 1] {
            see(Answer {
                at,
                n: 7,
                prime: true,
            });
        }
        drop(see);
        assert_eq!(seen, [0, 1, 2, 3]);
    }

    #[test]
    fn primes_are_told_from_their_neighbours() {
        let primes: Vec<u64> = (0..30).filter(|&n| is_prime(n)).collect();
        assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
        assert!(!is_prime(75_000_027), "3 divides it");
        assert!(!is_prime(9_409), "the square of 97");
    }
}
