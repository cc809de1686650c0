//! A line that survives being cancelled. Yours to finish.
//!
//! cargo xtask exercise ch04 line-reader

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
pub struct Lines<R> {
    input: R,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Reads from `input`.
    pub fn new(input: R) -> Lines<R> {
        Lines { input }
    }

    /// Returns the next line without its end, `None` at the end of the input.
    ///
    /// Cancel safe: a call that is dropped has lost nothing.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        loop {
            let mut byte = [0];
            if self.input.read(&mut byte).await? == 0 {
                return Ok(None);
            }
            if byte == *b"\n" {
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            line.extend(byte);
        }
    }
}
