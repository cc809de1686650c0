//! A task for each connection, as it is usually written.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::serve::Limits;

/// Sends back what arrives, until the client ends or the server does.
///
/// Returns how many bytes that were.
///
/// # Errors
///
/// The connection's, or `TimedOut`: nothing came for `limits.idle`, or the
/// client took nothing for `limits.write`.
pub async fn echo(
    stream: &mut TcpStream,
    closing: &CancellationToken,
    limits: &Limits,
) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut echoed = 0;
    loop {
        let read = select! {
            // Bytes first: what has arrived is echoed even at the end.
            biased;
            read = timeout(limits.idle, stream.read(&mut buffer)) => read,
            () = closing.cancelled() => return Ok(echoed),
        };
        let n = read??;
        if n == 0 {
            return Ok(echoed);
        }
        timeout(limits.write, stream.write_all(&buffer[..n])).await??;
        echoed += n as u64;
    }
}
