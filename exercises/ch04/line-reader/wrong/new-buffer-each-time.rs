//! What the buffer has read ahead is gone with the buffer.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

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
        BufReader::new(&mut self.input).lines().next_line().await
    }
}
