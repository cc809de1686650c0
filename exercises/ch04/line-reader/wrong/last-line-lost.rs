//! A last line without an end is no line to it.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
pub struct Lines<R> {
    input: R,
    kept: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Reads from `input`.
    pub fn new(input: R) -> Lines<R> {
        Lines {
            input,
            kept: Vec::new(),
        }
    }

    /// Returns the next line without its end, `None` at the end of the input.
    ///
    /// Cancel safe: a call that is dropped has lost nothing.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.kept.iter().position(|b| *b == b"\n"[0]) {
                let line: Vec<u8> = self.kept.drain(..=end).collect();
                let line = String::from_utf8_lossy(&line[..end]).into_owned();
                return Ok(Some(line));
            }
            let mut bytes = [0; 1024];
            let n = self.input.read(&mut bytes).await?;
            if n == 0 {
                return Ok(None);
            }
            self.kept.extend(&bytes[..n]);
        }
    }
}
