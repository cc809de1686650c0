//! A length limit for lines: each part is looked at before it is kept.

use std::io;
use std::mem::take;

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
    /// In the midst of a line that was said to be too long.
    skips: bool,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// Reads lines of up to `limit` bytes.
    pub fn new(input: R, limit: usize) -> Lines<R> {
        Lines {
            input,
            limit,
            kept: Vec::new(),
            skips: false,
        }
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
        loop {
            let part = self.input.fill_buf().await?;
            if part.is_empty() {
                let last = take(&mut self.kept);
                return Ok((!last.is_empty()).then(|| whole(&last)));
            }
            let end = part.iter().position(|byte| *byte == b'\n');
            let line = &part[..end.unwrap_or(part.len())];
            if !self.skips {
                if self.kept.len() + line.len() > self.limit {
                    self.kept.clear();
                    self.skips = true;
                    // Nothing of it is taken: the next call skips it.
                    return Ok(Some(Line::TooLong));
                }
                self.kept.extend(line);
            }
            let taken = end.map_or(part.len(), |end| end + 1);
            self.input.consume(taken);
            if end.is_some() && !take(&mut self.skips) {
                return Ok(Some(whole(&take(&mut self.kept))));
            }
        }
    }
}

fn whole(line: &[u8]) -> Line {
    Line::Whole(String::from_utf8_lossy(line).into_owned())
}
