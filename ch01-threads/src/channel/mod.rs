//! `channel`: it ends when all senders are dropped; no item has to mean "stop".
//!
//! Workers take numbers from one channel and answer on another. Each answer
//! carries its number, because the answers arrive in any order.
//!
//! cargo run -p ch01-threads -- channel

use std::sync::{Mutex, mpsc};
use std::thread;

use crate::numbers::is_prime;

/// Tests each number with `workers` threads; the answers come in any order.
pub fn check(numbers: &[u64], workers: usize) -> Vec<(u64, bool)> {
    let (jobs, queue) = mpsc::channel();
    let (answers, answered) = mpsc::channel();
    // A channel has one receiver; the workers take turns with it.
    let queue = Mutex::new(queue);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (queue, answers) = (&queue, answers.clone());
            scope.spawn(move || {
                while let Some(n) = next(queue) {
                    // Fails only if the receiver of answers was dropped.
                    answers.send((n, is_prime(n))).ok();
                }
                // This worker's `answers` ends here.
            });
        }
        for n in numbers {
            jobs.send(*n).expect("the queue outlives the scope");
        }
        // The workers' `recv` returns an error once the last sender of jobs is
        // dropped, and the loop below ends once the last sender of answers is.
        drop(jobs);
        drop(answers);
        answered.iter().collect()
    })
}

/// Waits for the next job, or for the end of them.
///
/// The lock is held while waiting, and free before the work begins.
fn next(queue: &Mutex<mpsc::Receiver<u64>>) -> Option<u64> {
    queue.lock().expect("receiving does not panic").recv().ok()
}

/// Tests seven numbers with three threads; 0 is one of them.
pub fn demo() {
    let mut answers = check(&[7, 0, 9, 1, 2, 7, 1_000_003], 3);
    answers.sort_unstable();
    for (n, prime) in &answers {
        println!("{n}: {prime}");
    }
    println!("answers: {} of 7", answers.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_answered_once_by_any_number_of_workers() {
        let numbers = [0, 1, 2, 2, 2, 9];
        for workers in 1..=8 {
            let mut answers = check(&numbers, workers);
            answers.sort_unstable();
            let answered: Vec<u64> = answers.iter().map(|(n, _)| *n).collect();
            assert_eq!(answered, numbers);
        }
    }

    #[test]
    fn no_numbers_give_no_answers() {
        assert!(check(&[], 4).is_empty());
    }
}
