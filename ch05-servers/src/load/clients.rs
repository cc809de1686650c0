//! Those who ask: for an echo, and for a page.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Client;

/// A client that waits longer is told that the answer is lost.
const PATIENCE: Duration = Duration::from_secs(60);
const LONGEST_HEAD: usize = 64 * 1024;

/// Sends a message and expects it back.
pub struct Echo<S> {
    stream: S,
    message: Vec<u8>,
    echo: Vec<u8>,
}

impl<S> Echo<S> {
    /// Will send messages of `size` bytes.
    pub fn new(stream: S, size: usize) -> Echo<S> {
        let message: Vec<u8> = (b'a'..=b'z').cycle().take(size).collect();
        let echo = vec![0; size];
        Echo {
            stream,
            message,
            echo,
        }
    }
}

impl<S> Client for Echo<S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    async fn ask(&mut self) -> io::Result<()> {
        in_time(async {
            self.stream.write_all(&self.message).await?;
            self.stream.read_exact(&mut self.echo).await?;
            match self.echo == self.message {
                true => Ok(()),
                false => Err(io::Error::other("not an echo")),
            }
        })
        .await
    }
}

/// Sends a GET on a connection that stays, and reads the answer.
pub struct Http {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Http {
    /// Will ask for `path`.
    pub fn new(stream: TcpStream, path: &str) -> Http {
        let request = format!("GET {path} HTTP/1.1\r\nHost: load\r\n\r\n");
        Http {
            stream,
            request: request.into_bytes(),
            answer: Vec::with_capacity(4096),
        }
    }

    /// Reads until the head is there; returns how long it is.
    async fn head(&mut self) -> io::Result<usize> {
        loop {
            if let Some(at) = find(&self.answer, b"\r\n\r\n") {
                return Ok(at + 4);
            }
            let n = self.stream.read_buf(&mut self.answer).await?;
            if n == 0 || self.answer.len() > LONGEST_HEAD {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

impl Client for Http {
    async fn ask(&mut self) -> io::Result<()> {
        in_time(async {
            self.stream.write_all(&self.request).await?;
            self.answer.clear();
            let head = self.head().await?;
            let lines = String::from_utf8_lossy(&self.answer[..head]);
            let length = length_of_ok(&lines).ok_or_else(|| {
                let first = lines.lines().next().unwrap_or_default();
                io::Error::other(format!("not a 200 with a length: {first:?}"))
            })?;
            // What is left of the body; nothing follows it.
            let mut left = length.saturating_sub(self.answer.len() - head);
            while left > 0 {
                self.answer.clear();
                let n = self.stream.read_buf(&mut self.answer).await?;
                if n == 0 {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                left = left.saturating_sub(n);
            }
            Ok(())
        })
        .await
    }
}

fn length_of_ok(head: &str) -> Option<usize> {
    let mut lines = head.lines();
    lines
        .next()
        .filter(|line| line.starts_with("HTTP/1.1 200"))?;
    lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let wanted = name.eq_ignore_ascii_case("content-length");
        wanted.then(|| value.trim().parse().ok()).flatten()
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|found| found == wanted)
}

async fn in_time(work: impl Future<Output = io::Result<()>>) -> io::Result<()> {
    timeout(PATIENCE, work).await?
}

/// Connects, for small messages.
///
/// # Errors
///
/// Nobody listens there.
pub async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
