//! A key-value store. Yours to finish.
//!
//! cargo xtask exercise ch05 key-value

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, copy, split};

/// The longest line that a client may send, its end included.
pub const LONGEST: u64 = 64;

/// What all clients share.
#[derive(Default)]
pub struct Store {}

/// Serves one client until it ends.
///
/// # Errors
///
/// The connection's; `TimedOut` if a line takes longer than `limit`, and
/// `InvalidData` if it is too long.
pub async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    store: &Store,
    limit: Duration,
) -> io::Result<()> {
    // The echo server, so far.
    let _ = (store, limit);
    let (mut reader, mut writer) = split(stream);
    copy(&mut reader, &mut writer).await?;
    Ok(())
}
