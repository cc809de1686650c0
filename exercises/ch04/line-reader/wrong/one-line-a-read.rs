//! What stands behind the line's end is forgotten.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
pub struct Lines<R> {
    input: R,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Reads from `input`.
    pub fn new(input: R) -> Lines<R> {
        Lines {
            input,
            line: Vec::new(),
        }
    }

    /// Returns the next line without its end, `None` at the end of the input.
    ///
    /// Cancel safe: a call that is dropped has lost nothing.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            let mut bytes = [0; 1024];
            let n = self.input.read(&mut bytes).await?;
            let end = bytes[..n].iter().position(|b| *b == b"\n"[0]);
            self.line.extend(&bytes[..end.unwrap_or(n)]);
            if end.is_some() || n == 0 && !self.line.is_empty() {
                let line = std::mem::take(&mut self.line);
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            if n == 0 {
                return Ok(None);
            }
        }
    }
}
