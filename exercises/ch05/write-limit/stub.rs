//! Write timeout: cut off a reader that takes nothing. Yours to finish.
//!
//! cargo xtask exercise ch05 write-limit

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Writes and flushes all of `bytes`.
///
/// # Errors
///
/// `TimedOut` if nothing is taken for `limit`, `WriteZero` if nothing will
/// ever be taken, or what the writer says.
pub async fn send(
    to: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
    limit: Duration,
) -> io::Result<()> {
    // Here a reader that sleeps is waited for, for ever.
    to.write_all(bytes).await
}
