//! One limit for all: a slow reader is cut off in the middle.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

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
    timeout(limit, to.write_all(bytes)).await??;
    timeout(limit, to.flush()).await?
}
