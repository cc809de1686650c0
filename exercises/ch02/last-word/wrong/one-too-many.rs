//! It waits first and then looks whether there is anybody to wait for.

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
    let (mut results, mut at_work) = (Vec::new(), workers);
    loop {
        match queue.take() {
            Said::Result(result) => results.push(result),
            _ if at_work == 0 => return results,
            Said::Done | Said::Died => at_work -= 1,
        }
    }
}
