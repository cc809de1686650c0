//! When the last has said its last. Yours to finish.
//!
//! cargo xtask exercise ch02 last-word

/// What a worker says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Result(u32),
    /// That was my last.
    Done,
    /// It will say nothing more, and has not said so itself.
    Died,
}

/// What the workers share.
pub trait Queue {
    /// Waits for something and takes it.
    fn take(&self) -> Said;

    /// Says whether there is nothing at this moment.
    fn is_empty(&self) -> bool;
}

/// Returns all results of so many workers, which are more than none.
pub fn collect(queue: &impl Queue, workers: usize) -> Vec<u32> {
    let mut results = Vec::new();
    // Is that the end?
    while !queue.is_empty() {
        if let Said::Result(result) = queue.take() {
            results.push(result);
        }
    }
    results
}
