//! Each item waits for the one before.

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
    for item in items {
        outputs.push(work(item).await);
    }
    outputs
}
