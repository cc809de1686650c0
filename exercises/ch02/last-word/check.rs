//! What a collector guarantees when workers are slow or die.

use std::collections::VecDeque;

use exercise_harness::sync::{Arc, Condvar, Mutex, PoisonError};
use exercise_harness::{Check, expect, step, thread};

use super::solution::{Queue, Said, collect};

/// A queue that a dozen lines make; chapter 1 has better ones.
#[derive(Default)]
struct Shared {
    said: Mutex<VecDeque<Said>>,
    news: Condvar,
}

impl Shared {
    fn put(&self, said: Said) {
        step(format!("says {said:?}"));
        let mut queue =
            self.said.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push_back(said);
        self.news.notify_one();
    }
}

impl Queue for Shared {
    fn take(&self) -> Said {
        let queue = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.news.wait_while(queue, |queue| queue.is_empty());
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner);
        queue.pop_front().unwrap_or(Said::Died)
    }

    fn is_empty(&self) -> bool {
        let queue = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        queue.is_empty()
    }
}

use Said::{Died, Done, Result};

/// Two workers, the messages of each, and the expected results.
fn workers(left: &'static [Said], right: &'static [Said], expected: &[u32]) {
    let queue = Arc::new(Shared::default());
    let workers = [("left", left), ("right", right)].map(|(name, words)| {
        let queue = Arc::clone(&queue);
        thread::named(name, move || {
            words.iter().for_each(|said| queue.put(*said));
        })
    });
    let mut results = collect(&*queue, 2);
    step(format!("has {results:?}"));
    workers.into_iter().for_each(|worker| drop(worker.join()));
    results.sort_unstable();
    expect("the results are", expected, results.as_slice());
}

pub fn check(check: &mut Check) {
    check
        .case("all results, whichever worker is slow", 1)
        .schedules(1, || {
            workers(
                &[Result(1), Result(2), Done],
                &[Result(3), Result(4), Done],
                &[1, 2, 3, 4],
            );
        });
    check
        .case("a worker that dies counts as done", 2)
        .schedules(1, || {
            workers(
                &[Result(1), Died],
                &[Result(3), Result(4), Done],
                &[1, 3, 4],
            );
        });
    check
        .case("a worker without results still says that it is done", 3)
        .schedules(1, || {
            workers(&[Done], &[Died], &[]);
        });
}
