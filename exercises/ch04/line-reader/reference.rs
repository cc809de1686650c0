//! A line that survives: all that has been read stands in the reader.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
pub struct Lines<R> {
    input: R,
    /// What has been read and is of no returned line.
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
            if let Some(end) = self.kept.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.kept.drain(..=end).collect();
                return Ok(Some(text(&line[..end])));
            }
            let mut bytes = [0; 1024];
            // The only await: before it nothing is in hand, and behind it
            // there is none until what came is kept.
            let n = self.input.read(&mut bytes).await?;
            self.kept.extend(&bytes[..n]);
            if n == 0 {
                let last = std::mem::take(&mut self.kept);
                return Ok((!last.is_empty()).then(|| text(&last)));
            }
        }
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}
