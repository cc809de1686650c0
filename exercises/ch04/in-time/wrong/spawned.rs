//! The work belongs to the runtime, which goes on with it when it is late.

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
    let work = tokio::spawn(work);
    select! {
        biased;
        output = work => output.map_err(|_| Late),
        // Its handle is dropped, and that is all.
        () = sleep(limit) => Err(Late),
    }
}
