//! Its tasks go on when its future is dropped.

use std::sync::Arc;

use tokio::sync::Semaphore;

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
    let mut tasks = Vec::new();
    for item in items {
        let (permits, work) = (Arc::clone(&permits), work(item));
        tasks.push(tokio::spawn(async move {
            let _permit = permits.acquire().await;
            work.await
        }));
    }
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(task.await.expect("no task panics"));
    }
    outputs
}
