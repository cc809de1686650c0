//! Every error is called late: a reader that left is taken for a slow one.

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
    let mut rest = bytes;
    while !rest.is_empty() {
        let taken = match timeout(limit, to.write(rest)).await {
            Ok(Ok(taken)) => taken,
            _ => return Err(io::ErrorKind::TimedOut.into()),
        };
        if taken == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        rest = &rest[taken..];
    }
    timeout(limit, to.flush()).await?
}
