//! HTTP by hand, for a thread that has one client: enough of it for a GET.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;

use super::Api;

const LONGEST_HEAD: usize = 16 * 1024;

/// Answers one request and says that the connection ends with it.
///
/// Returns how many bytes were sent.
///
/// # Errors
///
/// The connection's; or the head is too long or ends early.
pub fn answer(api: &Arc<Api>, mut client: &TcpStream) -> io::Result<u64> {
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
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let (status, body) = match method {
        Some("GET") => {
            let answer = api.decide(path, query);
            thread::sleep(answer.delay);
            (answer.status.to_string(), answer.body)
        }
        _ => ("405 Method Not Allowed".into(), String::new()),
    };
    let length = body.len();
    write!(
        client,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    Ok(length as u64)
}
