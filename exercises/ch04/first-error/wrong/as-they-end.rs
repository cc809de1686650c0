//! The outputs come in the order in which the tasks end.

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
    let mut set: JoinSet<_> = tasks.into_iter().collect();
    let mut outputs = Vec::new();
    while let Some(ended) = set.join_next().await {
        let failed = match ended {
            Ok(Ok(output)) => {
                outputs.push(output);
                continue;
            }
            Ok(Err(said)) => Failed::Said(said),
            Err(_) => Failed::Panicked,
        };
        set.shutdown().await;
        return Err(failed);
    }
    Ok(outputs)
}
