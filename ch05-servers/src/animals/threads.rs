//! The animals for a thread that has one client.

use std::io;
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;

use hyper::Method;

use super::{Api, response};
use crate::serve::blocking::session;
use crate::serve::http::{Metrics, not_allowed};

/// Answers one client, for as long as it asks.
///
/// Returns how many bytes were sent.
///
/// # Errors
///
/// The connection's, or it ends within a request.
pub fn answer(
    api: &Arc<Api>,
    metrics: &Metrics,
    client: &TcpStream,
) -> io::Result<u64> {
    session(client, metrics, |request| match *request.method() {
        Method::GET | Method::HEAD => {
            let uri = request.uri();
            let answer = api.decide(uri.path(), uri.query());
            thread::sleep(answer.delay);
            response(answer)
        }
        _ => not_allowed("GET, HEAD"),
    })
}
