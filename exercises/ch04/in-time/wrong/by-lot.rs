//! Both are ready, and `select!` chooses at random.

use std::time::Duration;

use tokio::select;
use tokio::time::sleep;

/// The time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late;

/// Returns what `work` returns, if it does within `limit`.
pub async fn in_time<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Late> {
    select! {
        output = work => Ok(output),
        () = sleep(limit) => Err(Late),
    }
}
