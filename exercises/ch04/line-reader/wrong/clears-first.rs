//! Its line is in the reader, and each call begins by clearing it.

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
        self.line.clear();
        loop {
            let mut byte = [0];
            if self.input.read(&mut byte).await? == 0 {
                let last = String::from_utf8_lossy(&self.line).into_owned();
                self.line.clear();
                return Ok((!last.is_empty()).then_some(last));
            }
            if byte == *b"\n" {
                let line = String::from_utf8_lossy(&self.line).into_owned();
                return Ok(Some(line));
            }
            self.line.extend(byte);
        }
    }
}
