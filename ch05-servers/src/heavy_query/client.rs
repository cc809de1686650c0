//! A client that keeps its connection.

use std::io;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// The ways to ask for all that a query finds.
pub const WAYS: [&str; 3] = ["whole", "pages", "elsewhere"];

/// One connection to a server of this chapter.
pub struct Client(BufReader<TcpStream>);

impl Client {
    /// Connects.
    ///
    /// # Errors
    ///
    /// No program listens there.
    pub async fn connect(address: SocketAddr) -> io::Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client(BufReader::new(stream)))
    }

    /// Asks for a path and returns the body of the answer.
    ///
    /// # Errors
    ///
    /// The connection's. An answer without a length counts as none.
    pub async fn get(&mut self, target: &str) -> io::Result<Vec<u8>> {
        let head = format!("GET {target} HTTP/1.1\r\nHost: finder\r\n\r\n");
        self.0.write_all(head.as_bytes()).await?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await?;
            if let Some(number) = line.strip_prefix("content-length: ") {
                let number = number.trim().parse();
                length = number.map_err(io::Error::other)?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok(body)
    }

    /// Asks for all that `query` finds; returns how many answers that took.
    ///
    /// # Errors
    ///
    /// The connection's, or an answer that is not the finder's.
    pub async fn get_all(
        &mut self,
        way: &str,
        query: &str,
    ) -> io::Result<usize> {
        let (mut stop, mut answers) = (0, 0);
        loop {
            let target = format!("/{way}?q={query}&start={stop}&stop=999999");
            let body = self.get(&target).await?;
            answers += 1;
            // The numbers come first. The rows need not be read for them.
            let head = body.split(|&byte| byte == b'[').next();
            let head = String::from_utf8_lossy(head.unwrap_or_default());
            let head: Value = serde_json::from_str(&format!("{head}0}}"))?;
            stop = head["stop"].as_u64().unwrap_or_default();
            if stop == head["total"].as_u64().unwrap_or_default() {
                return Ok(answers);
            }
        }
    }
}
