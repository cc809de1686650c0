//! A server that answers one client at a time lets all others wait.
//!
//! Accept, echo until the client has said its last, accept the next. The
//! system connects the others meanwhile, and their bytes wait unread.
//!
//! cargo run -p ch05-servers -- echo
//! cargo run -p ch05-servers -- echo --port 8000

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

pub mod demo;
pub mod program;

/// How long the server rests after an error in `accept`; doubles each time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Sends back what arrives, until the client has sent its last byte.
///
/// Returns how many bytes that were. The buffer has a fixed size: a client
/// that never sends a newline costs no more memory than any other.
///
/// # Errors
///
/// The connection's. What was read before it may be echoed in part.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency* (2009),
/// part 7, the echo server.
pub fn echo(mut client: impl Read + Write) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut echoed = 0;
    loop {
        let n = match client.read(&mut buffer) {
            // The client is done sending, and may still be reading: it has
            // its answer already, and nothing follows the end.
            Ok(0) => return Ok(echoed),
            Ok(n) => n,
            Err(err) if err.kind() == ErrorKind::Interrupted => continue,
            Err(err) => return Err(err),
        };
        // `write` alone may take a part; `write_all` comes back for the rest.
        client.write_all(&buffer[..n])?;
        echoed += n as u64;
    }
}

/// Serves each client of `incoming` to its end, and then the next one.
///
/// A client that does not send, or does not read, for as long as `idle` loses
/// its connection: it would keep all others waiting. Logs when a client comes
/// and goes; clients are numbered from 1.
pub fn serve(
    incoming: impl Iterator<Item = io::Result<TcpStream>>,
    idle: Duration,
    log: impl Fn(&str),
) {
    let mut pause = SHORTEST_PAUSE;
    let mut number = 0;
    for client in incoming {
        let client = match client {
            Ok(client) => client,
            // When the process is out of file descriptors, the next `accept`
            // fails as fast as this one: without a pause, millions of times.
            Err(err) => {
                log(&format!("cannot accept: {err}"));
                thread::sleep(pause);
                pause = LONGEST_PAUSE.min(pause * 2);
                continue;
            }
        };
        pause = SHORTEST_PAUSE;
        number += 1;
        log(&format!("{number} accepted"));
        match with_limit(&client, idle).and_then(|()| echo(&client)) {
            Ok(n) => log(&format!("{number} done, {n} bytes echoed")),
            Err(err) if is_timeout(&err) => {
                log(&format!("{number} cut off, idle for {idle:?}"));
            }
            Err(err) => log(&format!("{number} lost: {err}")),
        }
    }
}

fn with_limit(client: &TcpStream, idle: Duration) -> io::Result<()> {
    client.set_read_timeout(Some(idle))?;
    client.set_write_timeout(Some(idle))
}

/// Unix and Windows have a name each for a read that took too long.
fn is_timeout(err: &io::Error) -> bool {
    matches!(err.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Takes one byte a write, as a full socket may.
    struct OneByteAtATime<'a>(&'a [u8], Vec<u8>);

    impl Read for OneByteAtATime<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for OneByteAtATime<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.extend(&bytes[..1]);
            Ok(1)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_partial_write_loses_nothing() {
        let mut client = OneByteAtATime(b"\xff\x00 bytes, not lines", vec![]);
        assert_eq!(echo(&mut client).unwrap(), 19);
        assert_eq!(client.1, b"\xff\x00 bytes, not lines");
    }

    #[test]
    fn a_failed_accept_is_not_the_end() {
        let log = RefCell::new(vec![]);
        let incoming =
            ["first", "second"].map(|text| Err(io::Error::other(text)));
        serve(incoming.into_iter(), Duration::MAX, |line| {
            log.borrow_mut().push(line.to_string());
        });
        assert_eq!(
            log.take(),
            ["cannot accept: first", "cannot accept: second"]
        );
    }
}
