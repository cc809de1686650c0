//! One thread asks the system which sockets are ready, and waits for none.
//!
//! What a thread kept on its stack, a connection keeps in a struct: how much
//! of the answer is still to be sent.
//!
//! cargo run -p ch05-servers -- echo-ready
//! cargo run -p ch05-servers -- echo-ready --port 8000

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;

use mio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use self::engine::{Next, Pump};
use crate::serve::{Ended, Limits};

pub mod engine;

/// How often a connection may read before it is the next one's turn.
const TURNS: usize = 16;

/// A connection that echoes.
pub struct Echo {
    stream: TcpStream,
    /// Read and not yet sent back, because the client does not read. While
    /// there is any of it, nothing more is read: that is the back-pressure.
    unsent: Vec<u8>,
    echoed: u64,
}

impl Pump for Echo {
    fn new(stream: TcpStream) -> Echo {
        let (unsent, echoed) = (vec![], 0);
        Echo {
            stream,
            unsent,
            echoed,
        }
    }

    fn moved(&self) -> u64 {
        self.echoed
    }

    fn is_between(&self) -> bool {
        self.unsent.is_empty()
    }

    /// Reads and writes until one of the two would have to wait.
    fn pump(&mut self, buffer: &mut [u8]) -> io::Result<Next> {
        for _ in 0..TURNS {
            while !self.unsent.is_empty() {
                let Some(n) =
                    unless_it_waits(|| self.stream.write(&self.unsent))?
                else {
                    return Ok(Next::Wait);
                };
                self.unsent.drain(..n);
                self.echoed += n as u64;
            }
            match unless_it_waits(|| self.stream.read(buffer))? {
                None => return Ok(Next::Wait),
                Some(0) => return Ok(Next::Done),
                Some(n) => self.unsent.extend(&buffer[..n]),
            }
        }
        // The system says once that a socket has become ready, not that it
        // still is. If a turn leaves bytes behind, another one has to follow.
        Ok(Next::Again)
    }
}

/// Calls, and turns "not now" into `None`.
///
/// # Errors
///
/// Every other error.
pub fn unless_it_waits(
    mut call: impl FnMut() -> io::Result<usize>,
) -> io::Result<Option<usize>> {
    loop {
        match call() {
            Ok(n) => return Ok(Some(n)),
            Err(err) if err.kind() == ErrorKind::WouldBlock => return Ok(None),
            // A signal came in between. That is no "not now": the system has
            // named this socket already and will not name it again.
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
}

/// Echoes for many clients at once, on this thread.
///
/// # Errors
///
/// The system has no event queue for us.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency* (2009),
/// part 7: what its scheduler does with `select`.
pub fn serve(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    engine::run::<Echo>(listener, limits, stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_in_between_is_not_the_end_of_a_turn() {
        let mut failures = [ErrorKind::Interrupted, ErrorKind::WouldBlock]
            .map(io::Error::from)
            .into_iter();
        let mut call = || failures.next().map_or(Ok(7), Err);
        assert_eq!(unless_it_waits(&mut call).unwrap(), None);
        assert_eq!(unless_it_waits(call).unwrap(), Some(7));
    }
}
