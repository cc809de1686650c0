//! HTTP/1.1 for a thread that has one client: what hyper does for a task.
//!
//! httparse, which hyper has inside, reads a head. What the head means for the
//! connection is decided here, by the rules of [`protocol`](super::protocol).

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Instant, SystemTime};

use http_body_util::Full;
use httparse::{EMPTY_HEADER, Error, Status};
use hyper::body::{Body, Bytes};
use hyper::header::{CONNECTION, DATE, EXPECT};
use hyper::{Request, Response, StatusCode, Version};

use super::http::{Metrics, own};
use super::protocol::{
    Framing, LINGER, MAX_BODY, MAX_HEAD, Refusal, check, is_last, refuse,
};

/// As many header lines as hyper takes.
const MAX_LINES: usize = 100;

/// Answers one request after the other; returns the bytes of all bodies.
/// `answer` sees neither `/health` and `/metrics` nor what [`check`] refuses.
///
/// # Errors
///
/// The connection's, or it ends within a request.
pub fn session(
    client: &TcpStream,
    metrics: &Metrics,
    answer: impl Fn(&Request<()>) -> Response<Full<Bytes>>,
) -> io::Result<u64> {
    let _open = metrics.connected();
    let mut requests = Requests::new(client);
    let mut sent = 0;
    loop {
        let request = match requests.next() {
            Ok(Some(request)) => Ok(request),
            Ok(None) => return Ok(sent),
            Err(Failed::Refused(refusal)) => Err(refusal),
            Err(Failed::Lost(err)) => return Err(err),
        };
        let (_, response) = metrics.count(|| {
            let response = match &request {
                Ok(request) => {
                    own(request, metrics).unwrap_or_else(|| answer(request))
                }
                Err(refusal) => refuse(*refusal),
            };
            (response.status(), response)
        });
        // Of a refused request it does not matter what it was.
        let is_last = request.as_ref().map_or(true, is_last);
        let is_head = request.is_ok_and(|it| it.method() == "HEAD");
        sent += send(client, response, is_last, is_head)?;
        if is_last {
            linger(client);
            return Ok(sent);
        }
    }
}

/// Why there is no next request.
enum Failed {
    /// It is not to be answered, but refused.
    Refused(Refusal),
    /// There is no client left to refuse it to.
    Lost(io::Error),
}

impl From<io::Error> for Failed {
    fn from(err: io::Error) -> Failed {
        Failed::Lost(err)
    }
}

const NOT_HTTP: Failed =
    Failed::Refused((StatusCode::BAD_REQUEST, "not HTTP/1.1\n"));
const TOO_LONG: Failed = Failed::Refused((
    StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    "this head is too long\n",
));
const BAD_BODY: Failed =
    Failed::Refused((StatusCode::BAD_REQUEST, "not a chunked body\n"));
const TOO_LARGE: Failed = Failed::Refused((
    StatusCode::PAYLOAD_TOO_LARGE,
    "this body is not welcome\n",
));
const TOO_SLOW: Failed = Failed::Refused((
    StatusCode::REQUEST_TIMEOUT,
    "this body does not arrive\n",
));

/// The requests of one client, in order.
struct Requests<'a> {
    client: &'a TcpStream,
    /// Bytes that have been read, and belong to what comes next.
    buffer: Vec<u8>,
}

impl Requests<'_> {
    fn new(client: &TcpStream) -> Requests<'_> {
        Requests {
            client,
            buffer: Vec::new(),
        }
    }

    /// Reads a head and throws its body away; `None` where the client has no
    /// other one.
    fn next(&mut self) -> Result<Option<Request<()>>, Failed> {
        let Some(request) = self.head()? else {
            return Ok(None);
        };
        let framing = check(&request).map_err(Failed::Refused)?;
        let expects = request.headers().get(EXPECT).is_some_and(|it| {
            it.as_bytes().eq_ignore_ascii_case(b"100-continue")
        });
        match framing {
            Framing::Length(0) => {}
            Framing::Length(n) if n > MAX_BODY as u64 => return Err(TOO_LARGE),
            _ if expects && self.buffer.is_empty() => {
                let mut client = self.client;
                client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            }
            _ => {}
        }
        let read = match framing {
            Framing::Length(n) => self.skip(n as usize),
            Framing::Chunked => self.skip_chunks(),
        };
        read.map_err(|failed| match failed {
            // The client's time is over: std says it in one of two ways.
            Failed::Lost(err) if is_late(&err) => TOO_SLOW,
            failed => failed,
        })?;
        Ok(Some(request))
    }

    fn head(&mut self) -> Result<Option<Request<()>>, Failed> {
        loop {
            if let Some((length, request)) = parse(&self.buffer)? {
                self.buffer.drain(..length);
                return Ok(Some(request));
            }
            if self.buffer.len() >= MAX_HEAD {
                return Err(TOO_LONG);
            }
            if !self.fill()? {
                // An empty line before a request is none; RFC 9112 §2.2.
                let empty = self.buffer.iter().all(|b| b"\r\n".contains(b));
                return match empty {
                    true => Ok(None),
                    false => Err(Failed::Lost(ErrorKind::UnexpectedEof.into())),
                };
            }
        }
    }

    /// Reads what there is; says whether there was something.
    fn fill(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 2048];
        let mut client = self.client;
        let n = client.read(&mut bytes)?;
        self.buffer.extend(&bytes[..n]);
        Ok(n > 0)
    }

    /// Reads until at least `n` bytes are in the buffer.
    fn want(&mut self, bytes: usize) -> Result<(), Failed> {
        while self.buffer.len() < bytes {
            if !self.fill()? {
                return Err(Failed::Lost(ErrorKind::UnexpectedEof.into()));
            }
        }
        Ok(())
    }

    fn skip(&mut self, bytes: usize) -> Result<(), Failed> {
        self.want(bytes)?;
        self.buffer.drain(..bytes);
        Ok(())
    }

    /// Reads chunks and trailers; all of them are at most as long as a body.
    fn skip_chunks(&mut self) -> Result<(), Failed> {
        let mut left = MAX_BODY;
        loop {
            // httparse takes no digits at all for a zero.
            let first = self.buffer.first();
            if first.is_some_and(|byte| !byte.is_ascii_hexdigit()) {
                return Err(BAD_BODY);
            }
            let parsed = httparse::parse_chunk_size(&self.buffer);
            let Status::Complete((line, size)) =
                parsed.map_err(|_| BAD_BODY)?
            else {
                if self.buffer.len() > left {
                    return Err(TOO_LARGE);
                }
                self.want(self.buffer.len() + 1)?;
                continue;
            };
            // httparse takes any byte in an extension, hyper none of those that
            // end a line.
            if has_bare_lf(&self.buffer[..line]) {
                return Err(BAD_BODY);
            }
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            let chunk = size.saturating_add(line + 2);
            left = left.checked_sub(chunk).ok_or(TOO_LARGE)?;
            if size == 0 {
                self.skip(line)?;
                return self.skip_trailers(left);
            }
            self.want(chunk)?;
            if &self.buffer[chunk - 2..chunk] != b"\r\n" {
                return Err(BAD_BODY);
            }
            self.skip(chunk)?;
        }
    }

    fn skip_trailers(&mut self, most: usize) -> Result<(), Failed> {
        loop {
            let mut lines = [EMPTY_HEADER; MAX_LINES];
            match httparse::parse_headers(&self.buffer, &mut lines) {
                Ok(Status::Complete((length, _))) => {
                    // A line may end with a bare LF. Where the body ends with
                    // one, the next reader may see another end.
                    return match has_bare_lf(&self.buffer[..length]) {
                        true => Err(BAD_BODY),
                        false => self.skip(length),
                    };
                }
                Ok(Status::Partial) if self.buffer.len() > most => {
                    return Err(TOO_LARGE);
                }
                Ok(Status::Partial) => self.want(self.buffer.len() + 1)?,
                Err(_) => return Err(BAD_BODY),
            }
        }
    }
}

/// Reads a head, if it is whole; returns its length, too.
fn parse(bytes: &[u8]) -> Result<Option<(usize, Request<()>)>, Failed> {
    let mut lines = [EMPTY_HEADER; MAX_LINES];
    let mut head = httparse::Request::new(&mut lines);
    let length = match head.parse(bytes) {
        Ok(Status::Complete(length)) if length > MAX_HEAD => {
            return Err(TOO_LONG);
        }
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(Error::TooManyHeaders) => return Err(TOO_LONG),
        Err(_) => return Err(NOT_HTTP),
    };
    let mut request = Request::builder()
        .method(head.method.unwrap_or_default())
        .uri(head.path.unwrap_or_default())
        .version(match head.version {
            Some(1) => Version::HTTP_11,
            _ => Version::HTTP_10,
        });
    for line in head.headers.iter() {
        request = request.header(line.name, line.value);
    }
    let request = request.body(()).map_err(|_| NOT_HTTP)?;
    Ok(Some((length, request)))
}

fn has_bare_lf(bytes: &[u8]) -> bool {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines.any(|line| !line.ends_with(b"\r\n"))
}

fn is_late(err: &io::Error) -> bool {
    matches!(err.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Sends an answer; returns how long its body was.
fn send(
    mut client: &TcpStream,
    response: Response<Full<Bytes>>,
    is_last: bool,
    is_head: bool,
) -> io::Result<u64> {
    let (head, body) = response.into_parts();
    let body = whole(body);
    let mut bytes = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
    for (name, value) in &head.headers {
        // Said below, in each case.
        if name != CONNECTION {
            bytes.extend(name.as_str().bytes());
            bytes.extend(b": ");
            bytes.extend(value.as_bytes());
            bytes.extend(b"\r\n");
        }
    }
    // What has no body has no length of one, either: RFC 9110 §8.6.
    if head.status != StatusCode::NOT_MODIFIED {
        write!(bytes, "content-length: {}\r\n", body.len())?;
    }
    let end = if is_last { "close" } else { "keep-alive" };
    let date = httpdate::fmt_http_date(SystemTime::now());
    write!(bytes, "{CONNECTION}: {end}\r\n{DATE}: {date}\r\n\r\n")?;
    // The answer to a HEAD says how long the body would be, and has none.
    let body = if is_head { Bytes::new() } else { body };
    // One write: two would be two packets, and the second would wait.
    bytes.extend(&body);
    client.write_all(&bytes)?;
    Ok(body.len() as u64)
}

/// Returns a body that is already there: its first poll is ready.
fn whole(body: Full<Bytes>) -> Bytes {
    let mut body = pin!(body);
    let mut cx = Context::from_waker(Waker::noop());
    match body.as_mut().poll_frame(&mut cx) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}

/// Says that nothing more will be sent, and reads what the client still sends:
/// see [`LINGER`]. An error ends it, as the client's end does.
fn linger(mut client: &TcpStream) {
    let (most, time) = LINGER;
    let end = Instant::now() + time;
    let mut left = most;
    let mut bytes = [0; 2048];
    client.shutdown(Shutdown::Write).ok();
    while left > 0 {
        let time = end.saturating_duration_since(Instant::now());
        // A limit of no time is an error, too.
        let limited = client.set_read_timeout(Some(time));
        match limited.and_then(|()| client.read(&mut bytes)) {
            Ok(0) | Err(_) => return,
            Ok(n) => left = left.saturating_sub(n as u64),
        }
    }
}

#[cfg(test)]
mod tests;
