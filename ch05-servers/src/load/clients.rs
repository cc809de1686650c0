//! Clients that ask for an echo, and for a page.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Client, NoAnswer, answer::Answer};

/// A client that waits longer is told that the answer is lost.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends a message and expects it back.
pub struct Echo<S> {
    stream: S,
    message: Vec<u8>,
    echo: Vec<u8>,
    is_open: bool,
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
            is_open: true,
        }
    }
}

impl<S> Client for Echo<S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    async fn ask(&mut self) -> Result<(), NoAnswer> {
        // Until the whole echo is here: after half of one, what comes next is
        // not the answer to what is sent next.
        self.is_open = false;
        in_time(async {
            self.stream.write_all(&self.message).await?;
            self.stream.read_exact(&mut self.echo).await?;
            match self.echo == self.message {
                true => Ok(()),
                false => Err(io::Error::other("not an echo").into()),
            }
        })
        .await?;
        self.is_open = true;
        Ok(())
    }

    fn is_open(&self) -> bool {
        self.is_open
    }
}

/// Sends a GET on a connection that stays for as long as the server lets it,
/// and reads the answer.
pub struct Http {
    answer: Answer<TcpStream>,
    request: Vec<u8>,
    is_open: bool,
    /// Whether there was an answer on this connection already.
    is_used: bool,
}

impl Http {
    /// Will ask for `path`.
    pub fn new(stream: TcpStream, path: &str) -> Http {
        let request = format!("GET {path} HTTP/1.1\r\nHost: load\r\n\r\n");
        Http {
            answer: Answer::on(stream),
            request: request.into_bytes(),
            is_open: true,
            is_used: false,
        }
    }

    /// Sends the question and waits for the first byte of the answer.
    async fn begin(&mut self) -> Result<(), NoAnswer> {
        let sent = self.answer.stream.write_all(&self.request).await;
        let begun = match sent {
            Ok(()) => self.answer.begins().await,
            Err(err) => Err(err),
        };
        begun.map_err(|err| match err.kind() {
            // Servers close what they have served long or often enough, and
            // the question was on its way: RFC 9112 §9.3.1 lets a GET be
            // repeated.
            ErrorKind::UnexpectedEof
            | ErrorKind::BrokenPipe
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
                if self.is_used =>
            {
                NoAnswer::Stale
            }
            _ => err.into(),
        })
    }
}

impl Client for Http {
    async fn ask(&mut self) -> Result<(), NoAnswer> {
        self.is_open = false;
        in_time(async {
            self.begin().await?;
            self.is_used = true;
            let (status, stays) = self.answer.read().await?;
            self.is_open = stays;
            match status {
                200 => Ok(()),
                _ => Err(io::Error::other(format!("status {status}")).into()),
            }
        })
        .await
    }

    fn is_open(&self) -> bool {
        self.is_open
    }
}

async fn in_time<T>(
    work: impl Future<Output = Result<T, NoAnswer>>,
) -> Result<T, NoAnswer> {
    match timeout(ANSWER_TIMEOUT, work).await {
        Ok(done) => done,
        Err(_) => {
            let seconds = ANSWER_TIMEOUT.as_secs();
            Err(io::Error::other(format!("no answer in {seconds} s")).into())
        }
    }
}

/// Connects, for small messages.
///
/// # Errors
///
/// Nobody listens there, or too many have been waiting for too long.
pub async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = timeout(ANSWER_TIMEOUT, TcpStream::connect(address)).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}
