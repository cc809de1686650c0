//! A proxy that fails, before a server that does not.
//!
//! Some answers come late, some are errors, some end a byte too early. The
//! server behind it, and the client, need not know.
//!
//! cargo run -p ch05-servers -- chaos
//! cargo run -p ch05-servers -- chaos --port 8002 --upstream 127.0.0.1:8001

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::flags::chance;
use crate::serve::Limits;

pub mod demo;
pub mod program;

const LONGEST_HEAD: usize = 16 * 1024;
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;

/// What the proxy does to its clients.
#[derive(Clone, Copy, Debug)]
pub struct Chaos {
    /// The server behind the proxy.
    pub upstream: SocketAddr,
    /// These shares of the paths, from 0 to 1, are answered late, with an
    /// error, a byte too early; together at most 1.
    pub shares: [f64; 3],
    /// How late.
    pub delay: Duration,
    /// Decides which paths those are.
    pub seed: u64,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Its answer is passed on.
    Fine,
    /// Later than it could be.
    Late,
    /// The server is not asked, and the client gets a 503.
    Error,
    /// Up to its last byte.
    Cut,
}

impl Chaos {
    /// Decides by the seed and the path: the same request meets the same fate.
    pub fn fate(&self, path: &str) -> Fate {
        let mut draw = chance(self.seed, path);
        for (share, fate) in
            self.shares
                .into_iter()
                .zip([Fate::Late, Fate::Error, Fate::Cut])
        {
            if draw < share {
                return fate;
            }
            draw -= share;
        }
        Fate::Fine
    }

    /// Passes one request on, and its answer back; the connection ends with it.
    ///
    /// # Errors
    ///
    /// The client's connection. A server that cannot be reached is a 502.
    pub async fn pass(
        &self,
        mut client: TcpStream,
        limits: Limits,
    ) -> io::Result<()> {
        let request = timeout(limits.header, request(&mut client)).await??;
        let path = request.split(' ').nth(1).unwrap_or_default();
        let fate = self.fate(path);
        tracing::info!(?path, ?fate);
        let answer = match fate {
            Fate::Error => bare("503 Service Unavailable"),
            _ => match timeout(limits.request, self.ask(&request)).await {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => bare("502 Bad Gateway"),
                Err(_) => bare("504 Gateway Timeout"),
            },
        };
        if fate == Fate::Late {
            sleep(self.delay).await;
        }
        let end = answer.len() - usize::from(fate == Fate::Cut);
        timeout(limits.write, client.write_all(&answer[..end])).await??;
        client.shutdown().await
    }

    /// Returns all that the server has to say.
    async fn ask(&self, request: &str) -> io::Result<Vec<u8>> {
        let mut server = TcpStream::connect(self.upstream).await?;
        server.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        server.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
        match answer.is_empty() {
            true => Err(ErrorKind::UnexpectedEof.into()),
            false => Ok(answer),
        }
    }
}

/// Reads the head of a request, and asks for the connection to end with it.
///
/// A body is not passed on: this proxy is for downloads.
async fn request(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let n = client.read_buf(&mut head).await?;
        if n == 0 || head.len() > LONGEST_HEAD {
            return Err(ErrorKind::InvalidData.into());
        }
    }
    let head = String::from_utf8_lossy(&head);
    let head = head.split("\r\n\r\n").next().unwrap_or_default();
    let kept = head.lines().filter(|line| {
        let name = line.split(':').next().unwrap_or_default();
        let dropped = ["connection", "content-length", "transfer-encoding"];
        !dropped.contains(&name.to_ascii_lowercase().as_str())
    });
    let kept: Vec<&str> = kept.chain(["Connection: close\r\n\r\n"]).collect();
    Ok(kept.join("\r\n"))
}

fn bare(status: &str) -> Vec<u8> {
    let head = "Content-Length: 0\r\nConnection: close\r\n\r\n";
    format!("HTTP/1.1 {status}\r\n{head}").into_bytes()
}
