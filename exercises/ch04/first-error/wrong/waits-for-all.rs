//! It awaits the tasks in their order, and sees an error late.

use tokio::task::JoinSet;

/// What a task says when it fails, or that it panicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    Said(String),
    Panicked,
}

/// Runs `tasks` side by side; returns their outputs, in their order.
///
/// # Errors
///
/// The first that fails. The others have stopped by then.
pub async fn all_or_none<T, F>(tasks: Vec<F>) -> Result<Vec<T>, Failed>
where
    T: Send + 'static,
    F: Future<Output = Result<T, String>> + Send + 'static,
{
    let mut set = JoinSet::new();
    for (place, task) in tasks.into_iter().enumerate() {
        set.spawn(async move { (place, task.await) });
    }
    let mut ended: Vec<_> = Vec::new();
    while let Some(one) = set.join_next().await {
        ended.push(one.map_err(|_| Failed::Panicked)?);
    }
    ended.sort_unstable_by_key(|(place, _)| *place);
    ended
        .into_iter()
        .map(|(_, output)| output.map_err(Failed::Said))
        .collect()
}
