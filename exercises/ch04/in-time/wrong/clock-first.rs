//! Both are ready, and the clock is asked first.

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
        biased;
        () = sleep(limit) => Err(Late),
        output = work => Ok(output),
    }
}
