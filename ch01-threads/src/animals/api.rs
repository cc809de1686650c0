//! The slow API: a thread for each connection, one answer for each of those.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const LONGEST_HEAD: u64 = 8 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

/// An HTTP server on this machine that takes its time; ends when dropped.
pub struct Api {
    addr: SocketAddr,
    ending: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Api {
    /// Serves on a free port: each answer `delay` late, `slots` at a time.
    ///
    /// A client that comes when the slots are taken gets a 503 at once.
    ///
    /// # Errors
    ///
    /// There is no port, or no thread.
    pub fn start(delay: Duration, slots: usize) -> io::Result<Api> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addr = listener.local_addr()?;
        let ending = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ending);
        let acceptor = thread::Builder::new()
            .name("acceptor".to_string())
            .spawn(move || accept(&listener, &seen, delay, slots))?;
        Ok(Api {
            addr,
            ending,
            acceptor: Some(acceptor),
        })
    }

    /// Returns `http://ADDRESS`, without a slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        // Nothing wakes a thread in `accept` but a connection.
        let woken = TcpStream::connect(self.addr).is_ok();
        // The acceptor's own panic was printed; a drop must not add another.
        self.acceptor.take().filter(|_| woken).map(JoinHandle::join);
    }
}

fn accept(
    listener: &TcpListener,
    ending: &AtomicBool,
    delay: Duration,
    slots: usize,
) {
    let busy = Arc::new(AtomicUsize::new(0));
    for connection in listener.incoming() {
        if ending.load(Ordering::Relaxed) {
            return;
        }
        let Ok(connection) = connection else {
            // Out of file descriptors, most likely. Some will be closed.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let slot = Slot::take(&busy, slots);
        // Without a thread the connection is dropped, which the client sees.
        thread::Builder::new()
            .spawn(move || serve(connection, slot.as_ref(), delay).ok())
            .ok();
    }
}

/// Reads one request and answers it.
///
/// # Errors
///
/// The client went away; that ends this connection and nothing else.
fn serve(
    mut connection: TcpStream,
    slot: Option<&Slot>,
    delay: Duration,
) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(&connection).take(LONGEST_HEAD).lines();
    let request = head.next().unwrap_or_else(|| Ok(String::new()))?;
    // The rest of the head says nothing that this server needs.
    while head
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}

    let (status, body) = match (slot, answer(&request)) {
        (None, _) => ("503 Service Unavailable", "busy"),
        (Some(_), reply) => {
            thread::sleep(delay);
            reply
        }
    };
    write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
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

/// One of the places in the server, free again when dropped.
struct Slot(Arc<AtomicUsize>);

impl Slot {
    fn take(busy: &Arc<AtomicUsize>, slots: usize) -> Option<Slot> {
        // Only the acceptor takes slots, so that no other can come between these
        // two lines and take the last one.
        let free = busy.load(Ordering::Relaxed) < slots;
        free.then(|| {
            busy.fetch_add(1, Ordering::Relaxed);
            Slot(Arc::clone(busy))
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::super::ask;
    use super::*;

    fn status_of(request: &str) -> &'static str {
        answer(request).0
    }

    #[test]
    fn every_request_line_has_an_answer() {
        assert_eq!(status_of("GET /cow HTTP/1.1"), "200 OK");
        assert_eq!(status_of("GET /cat HTTP/1.1"), "404 Not Found");
        assert_eq!(status_of("PUT /cow HTTP/1.1"), "405 Method Not Allowed");
        assert_eq!(status_of("GET /cow"), "400 Bad Request");
        assert_eq!(status_of(""), "400 Bad Request");
    }

    #[test]
    fn an_unknown_animal_is_an_error_of_its_own() {
        let api = Api::start(Duration::ZERO, 4).unwrap();
        let err = ask(&api.url(), "cat").unwrap_err();
        assert!(matches!(err, ureq::Error::StatusCode(404)), "{err}");
    }

    #[test]
    fn client_without_a_slot_is_rejected_at_once() {
        let api = Api::start(Duration::from_secs(3600), 0).unwrap();
        let err = ask(&api.url(), "cow").unwrap_err();
        assert!(matches!(err, ureq::Error::StatusCode(503)), "{err}");
    }

    #[test]
    fn a_dropped_server_has_gone() {
        let url = Api::start(Duration::ZERO, 4).unwrap().url();
        assert!(ask(&url, "cow").is_err());
    }
}
