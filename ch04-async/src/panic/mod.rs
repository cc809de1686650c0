//! A panic ends one task; what it does to the program is your decision.
//!
//! The runtime catches it and puts it into the task's handle. Code that does not
//! look there has lost a result, and does not know.
//!
//! cargo run -p ch04-async -- panic
//! cargo run -p ch04-async -- panic --strict

pub mod cli;

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::panic;

use tokio::task::{Id, JoinSet};

const TASKS: u32 = 10;

/// What came of ten tasks, by their numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The results of those that finished.
    pub results: BTreeMap<u32, u32>,
    /// The last words of those that panicked.
    pub panics: BTreeMap<u32, String>,
}

/// Squares a number, unless it is three.
///
/// # Panics
///
/// If it is three.
pub async fn square(n: u32) -> u32 {
    if n == 3 {
        // As `panic!` does, but without the report on stderr.
        panic::resume_unwind(Box::new("three is too many"));
    }
    n * n
}

/// Runs ten tasks, and keeps nine results and one panic.
pub async fn supervise() -> Report {
    let mut tasks = JoinSet::new();
    // A task that panicked returns nothing, not even which one it was. Its id
    // is all there is, so the supervisor has to keep which task had it.
    let numbers: HashMap<Id, u32> = (0..TASKS)
        .map(|n| (tasks.spawn(square(n)).id(), n))
        .collect();
    let mut report = Report::default();
    while let Some(ended) = tasks.join_next_with_id().await {
        match ended {
            Ok((id, square)) => {
                report.results.insert(numbers[&id], square);
            }
            Err(err) => {
                let number = numbers[&err.id()];
                let words = last_words(err.into_panic().as_ref());
                report.panics.insert(number, words);
            }
        }
    }
    report
}

/// Returns the message of a panic, if it is one that can be read.
fn last_words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or(panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it left no message").to_string()
}

/// Runs ten tasks and reports on them.
///
/// # Errors
///
/// If it is strict, and a task panicked.
#[tokio::main(flavor = "current_thread")]
pub async fn demo(strict: bool) -> io::Result<()> {
    let report = supervise().await;
    println!("{} results: {:?}", report.results.len(), report.results);
    for (number, words) in &report.panics {
        println!("task {number} panicked: {words}");
    }
    let forgotten = tokio::spawn(square(3));
    while !forgotten.is_finished() {
        tokio::task::yield_now().await;
    }
    drop(forgotten);
    println!("another one panicked, and its handle was dropped");
    match report.panics.len() {
        1.. if strict => {
            Err(io::Error::other(format!("1 of {TASKS} tasks panicked")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_reported_by_number_and_nine_results_are_kept() {
        let report = supervise().await;
        assert_eq!(report.results.len(), 9);
        assert_eq!(report.results[&9], 81);
        let panics = BTreeMap::from([(3, "three is too many".to_string())]);
        assert_eq!(report.panics, panics);
    }

    #[test]
    fn only_who_is_strict_ends_the_program_with_an_error() {
        assert!(demo(false).is_ok());
        assert!(demo(true).is_err());
    }
}
