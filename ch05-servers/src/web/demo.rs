//! Six requests, from one that is well put to one that is not served.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::program::finder;
use crate::finder::shared::SharedIndex;
use crate::serve::Limits;

const REQUESTS: [&str; 7] = [
    "GET /health",
    "GET /search?q=cat+smiling&stop=2",
    "GET /search?q=registered",
    "GET /search?q=%20",
    "GET /?q=%22%3E%3Cscript%3E",
    "GET /nowhere",
    "POST /search?q=cat",
];

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
    let index = SharedIndex::start();
    let limits = Limits::default();
    let server = finder(listener, limits, index, shutdown.clone());
    let server = tokio::spawn(server);
    // What a balancer does before it sends anybody there.
    while exchange(address, "GET /health").await?.contains(" 503 ") {
        sleep(Duration::from_millis(10)).await;
    }

    for request in REQUESTS {
        println!("{request}");
        let answer = exchange(address, request).await?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let status = head.lines().next().unwrap_or_default();
        println!("    {}", status.trim_start_matches("HTTP/1.1 "));
        // Of a page, only what becomes of a stranger's words.
        match body.find("<input") {
            Some(start) => {
                let input = body[start..].split_inclusive('>').next();
                println!("    {}", input.unwrap_or_default());
            }
            None => println!("    {}", body.trim_end()),
        }
    }
    shutdown.cancel();
    let cut = server.await?.cut;
    println!("drained, and cut off {cut}");
    Ok(())
}

/// Sends a request on a connection of its own, and returns all that comes.
async fn exchange(address: SocketAddr, request: &str) -> io::Result<String> {
    let mut client = TcpStream::connect(address).await?;
    let head = format!(
        "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    client.read_to_string(&mut answer).await?;
    Ok(answer)
}
