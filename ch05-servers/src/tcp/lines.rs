//! Lines of a stranger: bounded, and in step again after one that is not.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// The lines of a stream, none longer than a limit.
pub struct Lines<S> {
    /// Where the lines come from.
    pub stream: S,
    limit: usize,
    /// What has come of the next line. Kept here and not in [`Lines::next`],
    /// which may be dropped half-way.
    begun: Vec<u8>,
    /// Whether what comes belongs to a line that was too long.
    skipping: bool,
}

/// What a stream has next.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line, without its end.
    Whole(Vec<u8>),
    /// What came before the end of the stream, without the end of a line.
    Last(Vec<u8>),
    /// More than the limit, at once; the line's rest will be skipped.
    TooLong,
    /// The end of the stream.
    End,
}

impl<S: AsyncBufRead + Unpin> Lines<S> {
    /// Reads lines of at most `limit` bytes.
    pub fn new(stream: S, limit: usize) -> Lines<S> {
        Lines {
            stream,
            limit,
            begun: Vec::new(),
            skipping: false,
        }
    }

    /// Returns what comes next. Can be dropped and called again.
    ///
    /// # Errors
    ///
    /// The stream's.
    pub async fn next(&mut self) -> io::Result<Line> {
        loop {
            let bytes = self.stream.fill_buf().await?;
            if bytes.is_empty() {
                let last = std::mem::take(&mut self.begun);
                return Ok(match last.is_empty() {
                    true => Line::End,
                    false => Line::Last(last),
                });
            }
            let end = bytes.iter().position(|&byte| byte == b'\n');
            let part = &bytes[..end.unwrap_or(bytes.len())];
            let fits = self.begun.len() + part.len() <= self.limit;
            if fits && !self.skipping {
                self.begun.extend(part);
            }
            let taken = part.len() + usize::from(end.is_some());
            self.stream.consume(taken);

            let skipped = self.skipping;
            self.skipping = end.is_none() && (skipped || !fits);
            if !fits && !skipped {
                self.begun.clear();
                return Ok(Line::TooLong);
            }
            if end.is_some() && !skipped {
                return Ok(Line::Whole(std::mem::take(&mut self.begun)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncWriteExt, BufReader};

    fn read(text: &[u8], buffer: usize) -> Vec<Line> {
        block_on(async {
            let stream = BufReader::with_capacity(buffer, text);
            let mut lines = Lines::new(stream, 5);
            let mut all = vec![];
            loop {
                match lines.next().await.unwrap() {
                    Line::End => return all,
                    line => all.push(line),
                }
            }
        })
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.build().unwrap().block_on(future)
    }

    fn whole(text: &str) -> Line {
        Line::Whole(text.into())
    }

    #[test]
    fn after_a_line_that_is_too_long_the_next_one_is_whole() {
        for buffer in 1..20 {
            let lines = read(b"12345\n123456789\n\nabc\n123456\nx", buffer);
            let expected = [
                whole("12345"),
                Line::TooLong,
                whole(""),
                whole("abc"),
                Line::TooLong,
                Line::Last("x".into()),
            ];
            assert_eq!(lines, expected, "{buffer} bytes at a time");
        }
    }

    #[test]
    fn a_line_that_is_too_long_and_has_no_end_is_said_so_once() {
        assert_eq!(read(&[b'x'; 1000], 7), [Line::TooLong]);
    }

    #[test]
    fn half_a_line_survives_a_cancelled_read() {
        block_on(async {
            let (mut near, far) = tokio::io::duplex(64);
            let mut lines = Lines::new(BufReader::new(far), 64);
            near.write_all(b"hel").await.unwrap();
            // Takes what is there, and is dropped while it waits for more.
            tokio::select! {
                biased;
                line = lines.next() => panic!("{line:?}"),
                () = tokio::task::yield_now() => {}
            }
            near.write_all(b"lo\n").await.unwrap();
            assert_eq!(lines.next().await.unwrap(), whole("hello"));
        });
    }
}
