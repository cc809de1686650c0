//! The pool's own worker: it tests primes.

use std::io;

use crate::framing::{Reply, Request, receive, send};
use crate::primes::is_prime;

/// Answers jobs until stdin ends, or the pool no longer reads the answers.
pub fn run() {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    // Only the pool could use the error, and the pool sees this process end.
    while let Ok(Some(Request::Job { id, input })) = receive(&mut stdin) {
        if send(&mut stdout, &answer(id, &input)).is_err() {
            break;
        }
    }
}

/// Runs one job, from the pool or from the queue.
pub fn answer(id: u64, input: &str) -> Reply {
    let done = |n: u64, what| Reply::Done {
        id,
        output: format!("{n} {what}"),
    };
    match input.trim().parse() {
        Ok(n) if is_prime(n) => done(n, "is prime"),
        Ok(n) => done(n, "is not prime"),
        Err(_) => {
            let error = format!("`{input}` is not a number");
            Reply::Failed { id, error }
        }
    }
}
