//! The first error ends them all: a set of tasks, which is shut down.

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
    let mut outputs = Vec::new();
    while let Some(ended) = set.join_next().await {
        let failed = match ended {
            Ok((place, Ok(output))) => {
                outputs.push((place, output));
                continue;
            }
            Ok((_, Err(said))) => Failed::Said(said),
            Err(_) => Failed::Panicked,
        };
        // Ends them, and waits until they have ended.
        set.shutdown().await;
        return Err(failed);
    }
    outputs.sort_unstable_by_key(|(place, _)| *place);
    Ok(outputs.into_iter().map(|(_, output)| output).collect())
}
