//! The outputs come in the order in which they are ready.

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
    let mut tasks = JoinSet::new();
    for item in items {
        let (permits, work) = (Arc::clone(&permits), work(item));
        tasks.spawn(async move {
            let _permit = permits.acquire().await;
            work.await
        });
    }
    tasks.join_all().await
}
