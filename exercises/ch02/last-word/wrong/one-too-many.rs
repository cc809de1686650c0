//! It waits before it checks whether a worker is left.

/// A worker's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Result(u32),
    /// The worker has no more results.
    Done,
    /// The worker has died; its runner sends this.
    Died,
}

/// The queue that the workers share.
pub trait Queue {
    /// Waits for a message and takes it.
    fn take(&self) -> Said;

    /// Says whether the queue is empty at this moment.
    fn is_empty(&self) -> bool;
}

/// Returns all results of `workers` workers, at least one.
pub fn collect(queue: &impl Queue, workers: usize) -> Vec<u32> {
    let (mut results, mut at_work) = (Vec::new(), workers);
    loop {
        match queue.take() {
            Said::Result(result) => results.push(result),
            _ if at_work == 0 => return results,
            Said::Done | Said::Died => at_work -= 1,
        }
    }
}
