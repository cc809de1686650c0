//! Word count in a process pool. Yours to write.
//!
//! cargo xtask exercise ch02 word-count

use std::collections::BTreeMap;

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
    // Sends one file after the other, and expects no crash.
    for file in files {
        workers.send(0, &file);
        match workers.wait() {
            Event::Counted { words, .. } => total.words.extend(words),
            Event::Crashed { .. } => todo!("{file} is lost"),
        }
    }
    total
}
