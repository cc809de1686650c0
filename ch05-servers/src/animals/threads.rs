//! HTTP by hand, for a thread that has one client: enough of it for a GET.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;

use hyper::StatusCode;

use super::Api;
use crate::serve::http::Metrics;

const LONGEST_HEAD: usize = 16 * 1024;

/// Answers one request and says that the connection ends with it.
///
/// Returns how many bytes were sent.
///
/// # Errors
///
/// The connection's; or the head is too long or ends early.
pub fn answer(
    api: &Arc<Api>,
    metrics: &Metrics,
    mut client: &TcpStream,
) -> io::Result<u64> {
    let _open = metrics.connected();
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let n = client.read(&mut buffer)?;
        if n == 0 || head.len() > LONGEST_HEAD {
            return Err(ErrorKind::InvalidData.into());
        }
        head.extend(&buffer[..n]);
    }
    let head = String::from_utf8_lossy(&head);
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    let method = words.next().unwrap_or_default();
    let target = words.next().unwrap_or_default();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let (status, body) = metrics.count(|| {
        if !matches!(method, "GET" | "HEAD") {
            return (StatusCode::METHOD_NOT_ALLOWED, "not allowed\n".into());
        }
        metrics.answer(path).unwrap_or_else(|| {
            let answer = api.decide(path, query);
            thread::sleep(answer.delay);
            (answer.status, answer.body)
        })
    });
    let kind = match body.starts_with('{') {
        true => "application/json",
        false => "text/plain; charset=utf-8",
    };
    let extra = match status {
        StatusCode::METHOD_NOT_ALLOWED => "Allow: GET, HEAD\r\n",
        StatusCode::SERVICE_UNAVAILABLE => "Retry-After: 1\r\n",
        _ => "",
    };
    let length = body.len();
    // A HEAD is told how long the body would be, and gets none.
    let body = if method == "HEAD" { "" } else { &body };
    write!(
        client,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{extra}\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    Ok(body.len() as u64)
}
