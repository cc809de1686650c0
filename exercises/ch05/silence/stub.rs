//! Idle timeout: end a session that says nothing. Yours to finish.
//!
//! cargo xtask exercise ch05 silence

use std::io;
use std::time::Duration;

use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader,
};

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
    // `idle` is not used.
    let _ = idle;
    while let Some(line) = lines.next_line().await? {
        let reply = answer(line).await + "\n";
        output.write_all(reply.as_bytes()).await?;
    }
    Ok(End::Closed)
}
