//! A length limit for lines. Yours to finish.
//!
//! cargo xtask exercise ch05 longest-line

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// A line, or that it was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// All of it, without its end.
    Whole(String),
    /// It has more bytes than the limit.
    TooLong,
}

/// Reads lines of strangers.
pub struct Lines<R> {
    input: R,
    limit: usize,
    kept: Vec<u8>,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// Reads lines of up to `limit` bytes.
    pub fn new(input: R, limit: usize) -> Lines<R> {
        let kept = Vec::new();
        Lines { input, limit, kept }
    }

    /// Returns how many bytes of a line are kept.
    pub fn held(&self) -> usize {
        self.kept.len()
    }

    /// Returns the next line, `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// If reading fails.
    pub async fn next(&mut self) -> io::Result<Option<Line>> {
        self.kept.clear();
        // A line without an end is kept without an end.
        if self.input.read_until(b'\n', &mut self.kept).await? == 0 {
            return Ok(None);
        }
        let line = self.kept.strip_suffix(b"\n").unwrap_or(&self.kept);
        if line.len() > self.limit {
            return Ok(Some(Line::TooLong));
        }
        let text = String::from_utf8_lossy(line).into_owned();
        Ok(Some(Line::Whole(text)))
    }
}
