//! A time limit: two futures, and the first that is ready.

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
        // The work first: what is done is not thrown away because of a clock.
        biased;
        output = work => Ok(output),
        () = sleep(limit) => Err(Late),
    }
    // The loser is dropped here, and so has stopped.
}
