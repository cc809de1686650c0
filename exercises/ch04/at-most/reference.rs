//! Many, but not all at once: a permit for each, until its output is there.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Runs `work` for each item, at most `limit` at once.
///
/// Returns the outputs in the order of the items. `limit` is not 0.
pub async fn at_most<I, T, F>(
    limit: usize,
    items: Vec<I>,
    work: impl Fn(I) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(limit));
    // Ends its tasks when it is dropped.
    let mut tasks = JoinSet::new();
    for (place, item) in items.into_iter().enumerate() {
        let (permits, work) = (Arc::clone(&permits), work(item));
        tasks.spawn(async move {
            let permit = permits.acquire().await;
            let output = work.await;
            drop(permit);
            (place, output)
        });
    }
    let mut outputs = tasks.join_all().await;
    outputs.sort_unstable_by_key(|(place, _)| *place);
    outputs.into_iter().map(|(_, output)| output).collect()
}
