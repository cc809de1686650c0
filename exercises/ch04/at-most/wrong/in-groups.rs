//! A group begins when the one before has ended: it waits for the slowest.

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
    let mut outputs = Vec::new();
    let mut items = items.into_iter().enumerate();
    loop {
        let mut group = JoinSet::new();
        for (place, item) in items.by_ref().take(limit) {
            let work = work(item);
            group.spawn(async move { (place, work.await) });
        }
        if group.is_empty() {
            break;
        }
        outputs.extend(group.join_all().await);
    }
    outputs.sort_unstable_by_key(|(place, _)| *place);
    outputs.into_iter().map(|(_, output)| output).collect()
}
