//! The same service without async: what is said is the same, who waits is not.
//!
//! The finder's own routes, behind a thread for each client. A function that
//! computes an answer does not care who calls it.
//!
//! cargo run -p ch05-servers -- sync
//! cargo run -p ch05-servers -- sync --port 8000

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http_body_util::Full;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use hyper::header::CONTENT_TYPE;
use tokio_util::sync::CancellationToken;

use crate::echo_threads::serve_each;
use crate::finder::Index;
use crate::serve::http::{Metrics, not_allowed, text};
use crate::serve::{Ended, Limits};
use crate::web::{Answer, route};

pub mod demo;
pub mod program;

const LONGEST_HEAD: u64 = 16 * 1024;

/// Serves the finder, a thread for each connection, until `stop`.
///
/// # Errors
///
/// The listener's address cannot be had, or no thread to wait for the end.
pub fn serve(
    index: Index,
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    let metrics = Metrics::default();
    serve_each(listener, limits, stop, move |client| {
        session(&index, &metrics, client)
    })
}

/// Answers one request after the other, for as long as the client has some.
///
/// Returns how many bytes were sent.
fn session(
    index: &Index,
    metrics: &Metrics,
    mut client: &TcpStream,
) -> io::Result<u64> {
    let _open = metrics.connected();
    let mut reader = BufReader::new(client);
    let mut sent = 0;
    while let Some(request) = Request::read(&mut reader)? {
        let (status, answer) = metrics.count(|| {
            let answer = request.answer(index, metrics);
            (answer.status(), answer)
        });
        let kind = answer.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let end = if request.is_last {
            "close"
        } else {
            "keep-alive"
        };
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n",);
        let body = whole(answer.into_body());
        let head = format!(
            "{head}content-length: {}\r\nconnection: {end}\r\n\r\n",
            body.len()
        );
        // One write: two would be two packets, and the second would wait.
        let body = if request.is_head { &[] } else { &body[..] };
        client.write_all(&[head.as_bytes(), body].concat())?;
        sent += body.len() as u64;
        if request.is_last {
            break;
        }
    }
    Ok(sent)
}

/// What a request has to say to this server.
struct Request {
    method: String,
    path: String,
    query: String,
    is_head: bool,
    /// The client ends the connection, or we do: it has sent a body.
    is_last: bool,
}

impl Request {
    /// Reads a head; `None` where there is no other one.
    fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
        let mut head = String::new();
        let mut limited = reader.take(LONGEST_HEAD);
        while !head.ends_with("\r\n\r\n") {
            if limited.read_line(&mut head)? == 0 {
                return match head.is_empty() {
                    true => Ok(None),
                    // It ends in the middle, or has no end.
                    false => Err(ErrorKind::InvalidData.into()),
                };
            }
        }
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let method = words.next().unwrap_or_default().to_string();
        let target = words.next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let is_last = lines.any(|line| {
            let line = line.to_ascii_lowercase();
            let name = line.split(':').next().unwrap_or_default();
            // This server does not read bodies, so nothing can follow one.
            line == "connection: close"
                || ["content-length", "transfer-encoding"].contains(&name)
        });
        Ok(Some(Request {
            is_head: method == "HEAD",
            method,
            path: path.to_string(),
            query: query.to_string(),
            is_last,
        }))
    }

    fn answer(&self, index: &Index, metrics: &Metrics) -> Answer {
        if let Some((status, words)) = metrics.answer(&self.path) {
            return text(status, words);
        }
        match self.method.as_str() {
            "GET" | "HEAD" => route(&self.path, &self.query, Some(index)),
            "" => text(StatusCode::BAD_REQUEST, "not HTTP\n"),
            _ => not_allowed("GET, HEAD"),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_to_its_end_or_not_at_all() {
        let read = |text: &str| Request::read(&mut text.as_bytes());
        assert!(read("").unwrap().is_none());
        assert!(read("GET / HTTP/1.1\r\nHost: a\r\n").is_err());
        assert!(read(&"x".repeat(100_000)).is_err());
        let request = read("GET /search?q=cat HTTP/1.1\r\nHost: a\r\n\r\nrest");
        let request = request.unwrap().unwrap();
        assert_eq!((&*request.path, &*request.query), ("/search", "q=cat"));
        assert!(!request.is_last && !request.is_head);
        for header in ["Connection: close", "Content-Length: 3"] {
            let request = read(&format!("HEAD / HTTP/1.1\r\n{header}\r\n\r\n"));
            let request = request.unwrap().unwrap();
            assert!(request.is_last && request.is_head, "{header}");
        }
    }
}
