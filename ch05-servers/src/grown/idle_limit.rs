//! The server that grows: with a limit on how long a line may take.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::answer;
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

/// Answers each line of a client, until the client ends or is silent.
async fn session(mut stream: TcpStream, limits: Limits) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut line = String::new();
    loop {
        let reading = reader.read_line(&mut line);
        if timeout(limits.idle, reading).await?? == 0 {
            return Ok(());
        }
        let answer = answer(&line).await;
        writer.write_all(answer.as_bytes()).await?;
        line.clear();
    }
}
