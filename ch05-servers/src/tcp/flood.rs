//! A session that does not look for the end of its input.
//!
//! cargo run -p ch05-servers -- tcp --show flood

use std::io;

use tokio::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy, sink,
};
use tokio::net::TcpStream;

use crate::raw_client::{listen, runtime};

/// How much a client reads of what comes after its end.
const MOST: u64 = 50_000;

/// Prompts, and answers each line with its length, for ever.
///
/// # Errors
///
/// The connection's. The end of the input is none, and is not looked for.
pub async fn session_broken(stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        stream.write_all(b"?> ").await?;
        line.clear();
        stream.read_line(&mut line).await?;
        if let n @ 1.. = line.trim_end().len() {
            stream.write_all(format!("{n}\r\n").as_bytes()).await?;
        }
    }
}

/// Prompts, and answers each line with its length, until the input ends.
///
/// # Errors
///
/// The connection's.
pub async fn session(stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        stream.write_all(b"?> ").await?;
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if let n @ 1.. = line.trim_end().len() {
            stream.write_all(format!("{n}\r\n").as_bytes()).await?;
        }
    }
}

/// Half-closes a connection to both, and counts what still comes.
///
/// # Errors
///
/// The system gives no socket, or a connection breaks too early.
pub fn demo() -> io::Result<()> {
    runtime()?.block_on(async {
        for broken in [true, false] {
            let (listener, address) = listen().await?;
            let mut client = TcpStream::connect(address).await?;
            let (stream, _) = listener.accept().await?;
            let server = tokio::spawn(async move {
                match broken {
                    true => session_broken(stream).await,
                    false => session(stream).await,
                }
            });
            client.write_all(b"chess\n").await?;
            // The prompt, the answer, and the prompt for the next line.
            let mut answer = [0; 9];
            client.read_exact(&mut answer).await?;
            client.shutdown().await?;
            let mut rest = client.take(MOST);
            let bytes = copy(&mut rest, &mut sink()).await?;
            drop(rest);
            let ended = server.await.expect("a server does not panic");
            let name = if broken {
                "no test for the end"
            } else {
                "tested"
            };
            let end = if ended.is_ok() { "its end" } else { "an error" };
            println!("{name}: {bytes} bytes after the client's end, {end}");
        }
        Ok(())
    })
}
