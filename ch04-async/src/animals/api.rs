//! The slow API: a task for each connection, and one answer on each.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time;

const LONGEST_HEAD: u64 = 8 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);
const MOST_CONNECTIONS: usize = 100;

/// An HTTP server on this machine that takes its time; ends when dropped.
pub struct Api {
    addr: SocketAddr,
    accepting: AbortHandle,
}

impl Api {
    /// Serves on a free port, as a task of this runtime: each answer `delay`
    /// late.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub async fn start(delay: Duration) -> io::Result<Api> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, delay)).abort_handle();
        Ok(Api { addr, accepting })
    }

    /// Returns `http://ADDRESS`, without a slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        // Chapter 1 had to connect to its server to wake it for its end. A task
        // is dropped where it waits, and its `JoinSet` with it.
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, delay: Duration) {
    let mut connections = JoinSet::new();
    loop {
        // Connections that have ended make room.
        while connections.try_join_next().is_some() {}
        if connections.len() >= MOST_CONNECTIONS {
            connections.join_next().await;
        }
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, delay));
            }
            // Out of file descriptors, most likely. Some will be closed.
            Err(_) => time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Reads one request and answers it.
///
/// # Errors
///
/// The client went away, or is too slow; that ends this connection and nothing
/// else.
async fn serve(mut stream: TcpStream, delay: Duration) -> io::Result<()> {
    let request = time::timeout(PATIENCE, request_line(&mut stream)).await??;
    let (status, body) = answer(&request);
    time::sleep(delay).await;
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    time::timeout(PATIENCE, stream.write_all(answer.as_bytes())).await?
}

async fn request_line(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = BufReader::new(stream).take(LONGEST_HEAD).lines();
    let request = head.next_line().await?.unwrap_or_default();
    // The rest of the head says nothing that this server needs.
    while head.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    Ok(request)
}

fn answer(request: &str) -> (&'static str, &'static str) {
    let mut words = request.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some("GET"), Some(path), Some("HTTP/1.1" | "HTTP/1.0")) => {
            match path {
                "/cow" => ("200 OK", "Moo!"),
                "/pig" => ("200 OK", "Oink!"),
                "/chicken" => ("200 OK", "Cluck!"),
                _ => ("404 Not Found", "no such animal"),
            }
        }
        (Some(_), Some(_), Some("HTTP/1.1" | "HTTP/1.0")) => {
            ("405 Method Not Allowed", "GET it")
        }
        _ => ("400 Bad Request", "not HTTP"),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::{Client, StatusCode};

    use super::super::ask;
    use super::*;

    #[test]
    fn every_request_line_has_an_answer() {
        assert_eq!(answer("GET /cow HTTP/1.1").0, "200 OK");
        assert_eq!(answer("GET /cat HTTP/1.1").0, "404 Not Found");
        assert_eq!(answer("PUT /cow HTTP/1.1").0, "405 Method Not Allowed");
        assert_eq!(answer("GET /cow").0, "400 Bad Request");
        assert_eq!(answer("").0, "400 Bad Request");
    }

    fn client() -> Client {
        let limit = Duration::from_secs(20);
        let client = Client::builder().no_proxy().timeout(limit);
        client.build().unwrap()
    }

    #[tokio::test]
    async fn an_unknown_animal_is_an_error_of_its_own() {
        let api = Api::start(Duration::ZERO).await.unwrap();
        let err = ask(&client(), &api.url(), "cat").await.unwrap_err();
        assert_eq!(err.status(), Some(StatusCode::NOT_FOUND));
    }

    #[tokio::test]
    async fn a_dropped_server_has_gone() {
        let api = Api::start(Duration::ZERO).await.unwrap();
        let url = api.url();
        drop(api);
        // An abort is carried out when the task's turn comes.
        tokio::task::yield_now().await;
        let err = ask(&client(), &url, "cow").await.unwrap_err();
        assert!(err.is_connect(), "{err}");
    }
}
