//! It returns, and the other tasks go on.

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
    let handles: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let together = handles.into_iter().map(async |handle| match handle.await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(said)) => Err(Failed::Said(said)),
        Err(_) => Err(Failed::Panicked),
    });
    futures::future::try_join_all(together).await
}
