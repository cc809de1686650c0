//! A limit around a future. Yours to finish.
//!
//! cargo xtask exercise ch04 in-time

use std::time::Duration;

/// The time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late;

/// Returns what `work` returns, if it does within `limit`.
pub async fn in_time<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Late> {
    // This gives it all the time in the world.
    Ok(work.await)
}
