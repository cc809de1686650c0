//! The first error ends them all. Yours to finish.
//!
//! cargo xtask exercise ch04 first-error

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
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(task.await.map_err(Failed::Said)?);
    }
    Ok(outputs)
}
