//! Each byte starts the time limit again, even if a line never ends.

use std::io;
use std::time::Duration;

use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
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
    let mut input = BufReader::new(input);
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\n") {
            match timeout(idle, input.read_u8()).await {
                Ok(Ok(byte)) => line.push(byte),
                Ok(Err(_)) => return Ok(End::Closed),
                Err(_) => return Ok(End::Idle),
            }
        }
        line.pop();
        let line = String::from_utf8_lossy(&line).into_owned();
        let reply = answer(line).await + "\n";
        output.write_all(reply.as_bytes()).await?;
    }
}
