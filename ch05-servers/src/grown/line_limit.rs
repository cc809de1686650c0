//! The server that grows: with a limit on the length of a line.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{LONGEST_LINE, answer};
use crate::serve::Limits;

/// Serves each client in a task of its own, until `accept` fails.
///
/// # Errors
///
/// That of `accept`.
pub async fn serve(listener: TcpListener, limits: Limits) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(session(stream, limits));
    }
}

/// Answers each line of a client, until the client ends, is silent, or sends
/// a line that is too long.
async fn session(mut stream: TcpStream, limits: Limits) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        let mut limited = (&mut reader).take(LONGEST_LINE);
        let reading = limited.read_until(b'\n', &mut line);
        if timeout(limits.idle, reading).await?? == 0 {
            return Ok(());
        }
        if limited.limit() == 0 && !line.ends_with(b"\n") {
            return Err(io::Error::other("the line is too long"));
        }
        let answer = answer(&String::from_utf8_lossy(&line)).await;
        writer.write_all(answer.as_bytes()).await?;
        line.clear();
    }
}
