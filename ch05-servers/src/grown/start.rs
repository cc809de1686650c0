//! The server that grows, without any safeguard.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::answer;

/// Serves each client in a task of its own, until `accept` fails.
///
/// # Errors
///
/// That of `accept`.
pub async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(session(stream));
    }
}

/// Answers each line of a client, until the client ends.
async fn session(mut stream: TcpStream) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut line = String::new();
    while reader.read_line(&mut line).await? > 0 {
        let answer = answer(&line).await;
        writer.write_all(answer.as_bytes()).await?;
        line.clear();
    }
    Ok(())
}
