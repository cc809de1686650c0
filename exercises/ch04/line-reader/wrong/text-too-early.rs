//! Half a letter is made text, and so is the other half.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
pub struct Lines<R> {
    input: R,
    kept: String,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Reads from `input`.
    pub fn new(input: R) -> Lines<R> {
        Lines {
            input,
            kept: String::new(),
        }
    }

    /// Returns the next line without its end, `None` at the end of the input.
    ///
    /// Cancel safe: a call that is dropped has lost nothing.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some((line, rest)) = self.kept.split_once("\n") {
                let line = line.to_string();
                self.kept = rest.to_string();
                return Ok(Some(line));
            }
            let mut bytes = [0; 1024];
            let n = self.input.read(&mut bytes).await?;
            self.kept += &String::from_utf8_lossy(&bytes[..n]);
            if n == 0 {
                let last = std::mem::take(&mut self.kept);
                return Ok((!last.is_empty()).then_some(last));
            }
        }
    }
}
