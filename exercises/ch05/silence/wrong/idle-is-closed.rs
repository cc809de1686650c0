//! A silent client and one that left are the same to it.
//! else.

use std::io;
use std::time::Duration;

use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader,
};
use tokio::time::timeout;

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client has left.
    Closed,
    /// It said nothing for too long.
    Idle,
}

/// Answers each line; a client has `idle` for each.
///
/// # Errors
///
/// If reading or writing fails.
pub async fn session(
    input: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
    idle: Duration,
    mut answer: impl AsyncFnMut(String) -> String,
) -> io::Result<End> {
    let mut lines = BufReader::new(input).lines();
    loop {
        let line = match timeout(idle, lines.next_line()).await {
            Ok(line) => line?,
            Err(_) => return Ok(End::Closed),
        };
        let Some(line) = line else {
            return Ok(End::Closed);
        };
        let reply = answer(line).await + "\n";
        output.write_all(reply.as_bytes()).await?;
    }
}
