//! A file that crashes every worker is sent again and again.

use std::collections::{BTreeMap, VecDeque};

/// How often each word occurs.
pub type Words = BTreeMap<String, u64>;

/// What happens to a busy worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The worker has counted its file, and is idle.
    Counted { worker: usize, words: Words },
    /// The worker has crashed; a fresh one has its number, and is idle.
    Crashed { worker: usize },
}

/// Worker processes, numbered from 0. In the beginning all are idle.
pub trait Workers {
    /// Says how many workers there are.
    fn number(&self) -> usize;

    /// Sends a file to an idle worker.
    fn send(&mut self, worker: usize, file: &str);

    /// Waits until something happens to a busy worker.
    fn wait(&mut self) -> Event;
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub words: Words,
    /// The files that have crashed two workers, in any order.
    pub failed: Vec<String>,
}

/// Counts the words of all files.
pub fn count(files: Vec<String>, workers: &mut impl Workers) -> Total {
    let mut total = Total::default();
    let mut waiting = VecDeque::from(files);
    let mut busy: Vec<Option<String>> = vec![None; workers.number()];
    loop {
        for (worker, has) in busy.iter_mut().enumerate() {
            if has.is_none()
                && let Some(file) = waiting.pop_front()
            {
                workers.send(worker, &file);
                *has = Some(file);
            }
        }
        // No file waits any more either: an idle worker would have it.
        if busy.iter().all(Option::is_none) {
            return total;
        }
        match workers.wait() {
            Event::Counted { worker, words } => {
                busy[worker] = None;
                for (word, n) in words {
                    *total.words.entry(word).or_default() += n;
                }
            }
            Event::Crashed { worker } => {
                let Some(file) = busy[worker].take() else {
                    continue;
                };
                waiting.push_back(file);
            }
        }
    }
}
