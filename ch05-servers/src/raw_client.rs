//! A client on a raw socket, which may stop in the middle of a word.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{self, Runtime};
use tokio::time::timeout;

/// Listens on a free port of the loopback interface.
///
/// # Errors
///
/// There is none.
pub async fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Returns a runtime on one thread, for a demonstration.
///
/// # Errors
///
/// There is no event queue to be had.
pub fn runtime() -> io::Result<Runtime> {
    runtime::Builder::new_current_thread().enable_all().build()
}

/// Sends `bytes`, then reads until the server closes, or for `read_timeout`.
///
/// Returns what was read, and whether the server closed.
///
/// # Errors
///
/// Nobody listens.
pub async fn send_raw(
    address: SocketAddr,
    bytes: &[u8],
    read_timeout: Duration,
) -> io::Result<(String, bool)> {
    let mut client = TcpStream::connect(address).await?;
    // A server that has closed already answers with an error, here or below.
    client.write_all(bytes).await.ok();
    let mut answer = Vec::new();
    let closed = timeout(read_timeout, client.read_to_end(&mut answer)).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    Ok((text, closed.is_ok()))
}

/// Returns the status of an HTTP answer, as in `408 Request Timeout`.
pub fn status(answer: &str) -> Option<&str> {
    let line = answer.lines().next()?;
    line.strip_prefix("HTTP/1.1 ")
}
