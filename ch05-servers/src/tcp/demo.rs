//! One client that asks well, asks badly, and hangs up half-way.

use std::io;
use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::program::finder;
use crate::finder::shared::SharedIndex;
use crate::serve::Limits;

const MAX_LINE: usize = 64;

/// Talks to a server of its own.
///
/// # Errors
///
/// The system gives no socket, or the connection breaks.
#[tokio::main]
pub async fn demo() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let shutdown = CancellationToken::new();
    let limits = Limits::default();
    let index = SharedIndex::start();
    let server = finder(listener, limits, MAX_LINE, index, shutdown.clone());
    let server = tokio::spawn(server);

    let mut client = TcpStream::connect(address).await?;
    print!("{}", until_prompt(&mut client).await?);
    for line in [
        &b"smiling CAT\n"[..],
        b"cat elephant\r\n",
        b"\n",
        b"\x1b[31m\n",
        b"telnet: \xff\xfb\x06\n",
    ] {
        println!("{}", line.escape_ascii());
        client.write_all(line).await?;
        print!("{}", until_prompt(&mut client).await?);
    }
    println!("{MAX_LINE} bytes, one more, and no end of line");
    client.write_all(&[b'x'; MAX_LINE + 1]).await?;
    print!("{}", until_prompt(&mut client).await?);

    let last = b"\nregistered sign";
    println!("{}, and no more from this side", last.escape_ascii());
    client.write_all(last).await?;
    client.shutdown().await?;
    let mut rest = String::new();
    client.read_to_string(&mut rest).await?;
    print!("{}", rest.replace("\r\n", "\n"));

    shutdown.cancel();
    println!("clients: {}", server.await?.accepted);
    Ok(())
}

/// Reads up to the next prompt.
async fn until_prompt(client: &mut TcpStream) -> io::Result<String> {
    let mut answer = Vec::new();
    while !answer.ends_with(b"?> ") {
        answer.push(client.read_u8().await?);
    }
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.replace("\r\n", "\n"))
}
