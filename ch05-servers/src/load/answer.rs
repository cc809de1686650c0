//! The answers of servers that are not ours: how long each is, and whether the
//! connection stays.

use std::io::{self, ErrorKind};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// How much of a head, or of what follows the last chunk, is read.
const LONGEST_HEAD: u64 = 64 * 1024;

/// The answers on one connection.
pub struct Answer<S> {
    /// Where they come from.
    pub stream: BufReader<S>,
    line: Vec<u8>,
}

/// How a body's end is found.
#[derive(Clone, Copy, PartialEq)]
enum Body {
    Length(u64),
    Chunked,
    UntilClosed,
}

impl<S: AsyncRead + Unpin> Answer<S> {
    /// Will read answers from `stream`.
    pub fn on(stream: S) -> Answer<S> {
        Answer {
            stream: BufReader::new(stream),
            line: Vec::new(),
        }
    }

    /// Waits for the first byte of an answer.
    ///
    /// # Errors
    ///
    /// UnexpectedEof, if the server has closed; the connection's.
    pub async fn begins(&mut self) -> io::Result<()> {
        match self.stream.fill_buf().await? {
            [] => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Reads an answer to its end, and returns its status and whether another
    /// one may follow.
    ///
    /// # Errors
    ///
    /// It is not HTTP, or ends too early; the connection's.
    pub async fn read(&mut self) -> io::Result<(u16, bool)> {
        loop {
            let (status, body, stays) = self.head().await?;
            match body {
                // Only an announcement: the answer comes after it.
                _ if (100..200).contains(&status) => continue,
                Body::Length(n) => self.skip(n).await?,
                Body::Chunked => self.chunks().await?,
                Body::UntilClosed => {
                    while self.skip_some(u64::MAX).await? > 0 {}
                    return Ok((status, false));
                }
            }
            // What comes unasked answers no question of ours.
            return Ok((status, stays && self.stream.buffer().is_empty()));
        }
    }

    /// Source: RFC 9112 §6.3, and §9.3 for whether the connection stays.
    async fn head(&mut self) -> io::Result<(u16, Body, bool)> {
        let mut room = LONGEST_HEAD;
        let first = self.line(&mut room).await?;
        let (version, status) = status(first).ok_or(NOT_HTTP)?;
        let (mut length, mut chunked) = (None, None);
        let (mut close, mut keep) = (false, false);
        loop {
            let line = self.line(&mut room).await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or(NOT_HTTP)?;
            let mut words = value.split(',').map(str::trim);
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            if is("content-length") {
                // The same one twice is one; a list of two is none.
                let n = number(value.trim(), 10).ok_or(BAD_LENGTH)?;
                if length.is_some_and(|length| length != n) {
                    return Err(BAD_LENGTH.into());
                }
                length = Some(n);
            } else if is("transfer-encoding") {
                let last = words.next_back().unwrap_or_default();
                chunked = Some(last.eq_ignore_ascii_case("chunked"));
            } else if is("connection") {
                for word in words {
                    close |= word.eq_ignore_ascii_case("close");
                    keep |= word.eq_ignore_ascii_case("keep-alive");
                }
            }
        }
        let body = match (status, chunked, length) {
            (204 | 304, ..) => Body::Length(0),
            (_, Some(true), _) => Body::Chunked,
            (_, None, Some(length)) => Body::Length(length),
            _ => Body::UntilClosed,
        };
        // A length beside chunks is not to be trusted, nor what follows.
        let framed_twice = chunked.is_some() && length.is_some();
        let stays = (version == 1 || keep) && !close && !framed_twice;
        Ok((status, body, stays))
    }

    async fn chunks(&mut self) -> io::Result<()> {
        loop {
            let mut room = LONGEST_HEAD;
            let line = self.line(&mut room).await?;
            let size = line.split(';').next().unwrap_or_default().trim_end();
            match number(size, 16).ok_or(BAD_CHUNK)? {
                0 => break,
                n => self.skip(n).await?,
            }
            // The line end that belongs to the chunk.
            let end = self.line(&mut room).await?;
            if !end.is_empty() {
                return Err(BAD_CHUNK.into());
            }
        }
        let mut room = LONGEST_HEAD;
        while !self.line(&mut room).await?.is_empty() {}
        Ok(())
    }

    /// Reads `n` bytes and throws them away.
    async fn skip(&mut self, mut n: u64) -> io::Result<()> {
        while n > 0 {
            match self.skip_some(n).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                skipped => n -= skipped,
            }
        }
        Ok(())
    }

    /// Throws away what is here, `most` bytes of it; returns how many those
    /// were, 0 at the end.
    async fn skip_some(&mut self, most: u64) -> io::Result<u64> {
        let here = self.stream.fill_buf().await?.len() as u64;
        let skipped = here.min(most);
        self.stream.consume(skipped as usize);
        Ok(skipped)
    }

    /// Returns the next line, without its end. Takes it out of `room`.
    async fn line(&mut self, room: &mut u64) -> io::Result<&str> {
        self.line.clear();
        let mut limited = (&mut self.stream).take(*room);
        limited.read_until(b'\n', &mut self.line).await?;
        *room = limited.limit();
        match self.line.strip_suffix(b"\n") {
            None if *room == 0 => Err(TOO_LONG.into()),
            None => Err(ErrorKind::UnexpectedEof.into()),
            Some(line) => {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                std::str::from_utf8(line).map_err(|_| NOT_HTTP.into())
            }
        }
    }
}

/// What is wrong with an answer. Each is one line of the report, so none
/// repeats what a server has said.
struct Wrong(&'static str);

const NOT_HTTP: Wrong = Wrong("not HTTP");
const BAD_LENGTH: Wrong = Wrong("a length that is none");
const BAD_CHUNK: Wrong = Wrong("a chunk that is none");
const TOO_LONG: Wrong = Wrong("a head of more than 64 KiB");

impl From<Wrong> for io::Error {
    fn from(Wrong(what): Wrong) -> io::Error {
        io::Error::other(what)
    }
}

/// Returns the minor version and the status of a status line.
fn status(line: &str) -> Option<(u8, u16)> {
    let (version, rest) = line.strip_prefix("HTTP/1.")?.split_once(' ')?;
    let version = match version {
        "0" => 0,
        "1" => 1,
        _ => return None,
    };
    // The reason may be missing, and the space before it too.
    let (status, _) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = number(status, 10)?;
    let status = (100..1000).contains(&status).then_some(status as u16)?;
    Some((version, status))
}

/// Reads a number without a sign. One for which there is no room is none.
fn number(text: &str, radix: u32) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(text, radix).ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what a client makes of bytes: each answer's status and whether
    /// the connection stays, or what is wrong; however they are cut.
    async fn read(bytes: &str) -> Vec<Result<(u16, bool), String>> {
        let mut whole = Vec::new();
        for size in [1, 3, 8192] {
            let stream = BufReader::with_capacity(size, bytes.as_bytes());
            let mut answer = Answer {
                stream,
                line: Vec::new(),
            };
            let mut all = Vec::new();
            while answer.begins().await.is_ok() {
                let read = answer.read().await.map_err(|err| err.to_string());
                all.push(read.clone());
                if read.is_err() {
                    break;
                }
            }
            if size > 1 {
                let statuses = |all: &[Result<(u16, bool), String>]| {
                    let each = all.iter().cloned();
                    each.map(|read| read.map(|(s, _)| s)).collect::<Vec<_>>()
                };
                assert_eq!(statuses(&all), statuses(&whole), "{bytes:?}");
            }
            whole = match size {
                1 => all,
                _ => whole,
            };
        }
        whole
    }

    #[tokio::test]
    async fn an_answer_ends_where_it_says_and_the_connection_stays_or_not() {
        for (bytes, expected) in [
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                (200, true),
            ),
            ("HTTP/1.1 200\r\ncontent-length:3\r\n\r\nabc", (200, true)),
            ("HTTP/1.1 404 No\nContent-Length: 0\n\n", (404, true)),
            (
                "HTTP/1.1 200 OK\r\nConnection: x, Close\r\n\
                 Content-Length: 0\r\n\r\n",
                (200, false),
            ),
            (
                "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
                (200, false),
            ),
            (
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\
                 Content-Length: 1\r\n\r\na",
                (200, true),
            ),
            ("HTTP/1.0 200 OK\r\n\r\nto the end", (200, false)),
            ("HTTP/1.1 204 None\r\n\r\n", (204, true)),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                 3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n",
                (200, true),
            ),
            (
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\
                 HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                (200, true),
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\
                 Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                (200, false),
            ),
        ] {
            assert_eq!(read(bytes).await, [Ok(expected)], "{bytes:?}");
        }
        let two = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na\
                   HTTP/1.1 500 Oops\r\nContent-Length: 1\r\n\r\nb";
        assert_eq!(read(two).await, [Ok((200, true)), Ok((500, true))]);
    }

    #[tokio::test]
    async fn fault_of_an_answer_is_named_in_a_few_words() {
        let length = |n: &str| format!("HTTP/1.1 200 OK\r\n{n}\r\n\r\nabc");
        let chunk = |n: &str| {
            format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{n}\r\n"
            )
        };
        for (bytes, expected) in [
            ("SSH-2.0-x\r\n".to_string(), "not HTTP"),
            ("HTTP/2 200\r\n\r\n".to_string(), "not HTTP"),
            ("HTTP/1.1 +20 OK\r\n\r\n".to_string(), "not HTTP"),
            ("HTTP/1.1 99999 OK\r\n\r\n".to_string(), "not HTTP"),
            (length("no colon"), "not HTTP"),
            (length("Content-Length: +3"), "a length that is none"),
            (length("Content-Length: 1, 1"), "a length that is none"),
            (
                length("Content-Length: 99999999999999999999999"),
                "a length that is none",
            ),
            (
                length("Content-Length: 3\r\nContent-Length: 4"),
                "a length that is none",
            ),
            (length("Content-Length: 4"), "unexpected end of file"),
            (chunk("xyz"), "a chunk that is none"),
            (chunk("+1"), "a chunk that is none"),
            (chunk("1\r\nab"), "a chunk that is none"),
            (chunk("5\r\nab"), "unexpected end of file"),
            (
                length(&format!("x: {}", "y".repeat(70_000))),
                "a head of more than 64 KiB",
            ),
        ] {
            assert_eq!(read(&bytes).await, [Err(expected.to_string())]);
        }
    }
}
