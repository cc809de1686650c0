//! It looks at the clock when the work is done.

use std::time::Duration;

use tokio::time::Instant;

/// The time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late;

/// Returns what `work` returns, if it does within `limit`.
pub async fn in_time<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Late> {
    let start = Instant::now();
    let output = work.await;
    if start.elapsed() > limit {
        return Err(Late);
    }
    Ok(output)
}
