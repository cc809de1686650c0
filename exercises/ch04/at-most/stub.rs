//! Many, but not all at once. Yours to write.
//!
//! cargo xtask exercise ch04 at-most

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
    // One at a time is not at most `limit` at a time.
    let mut outputs = Vec::new();
    for item in items {
        outputs.push(work(item).await);
    }
    outputs
}
