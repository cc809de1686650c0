//! A protocol is called when something has happened, and never waits.
//!
//! The same loop underneath. What it calls gets no longer "go on" but
//! "here are bytes": that is asyncio's `Protocol`, and Twisted's.
//!
//! cargo run -p ch05-servers -- echo-protocol
//! cargo run -p ch05-servers -- echo-protocol --port 8000

use std::io::{self, Read, Write};
use std::net::TcpListener;

use mio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::echo_ready::engine::{self, Next, Pump};
use crate::echo_ready::unless_it_waits;
use crate::serve::{Ended, Limits};

/// What happens on a connection, in this order. `received` may come often.
pub trait Protocol: Default {
    /// A client has come.
    fn connected(&mut self, _transport: &mut Transport) {}
    /// Bytes have come.
    fn received(&mut self, transport: &mut Transport, bytes: &[u8]);
    /// No more bytes will come. The transport sends what is left and closes.
    fn ended(&mut self, _transport: &mut Transport) {}
}

/// The protocol of this section, whole.
#[derive(Default)]
pub struct Echo;

impl Protocol for Echo {
    fn received(&mut self, transport: &mut Transport, bytes: &[u8]) {
        transport.write(bytes);
    }
}

/// The sending half of a connection, as its protocol sees it.
#[derive(Default)]
pub struct Transport {
    unsent: Vec<u8>,
    sent: u64,
}

impl Transport {
    /// Promises to send; never waits, and so never says "not so fast".
    ///
    /// A callback cannot wait for the client to read. So the loop does it for
    /// all of them: it calls no protocol that has bytes unsent. asyncio leaves
    /// that to the protocol, whose `pause_writing` it calls.
    pub fn write(&mut self, bytes: &[u8]) {
        self.unsent.extend(bytes);
    }
}

/// Calls a protocol from the readiness of its socket.
pub struct Called<P> {
    stream: TcpStream,
    protocol: P,
    transport: Transport,
    has_ended: bool,
}

impl<P: Protocol> Pump for Called<P> {
    fn new(stream: TcpStream) -> Called<P> {
        let mut protocol = P::default();
        let mut transport = Transport::default();
        protocol.connected(&mut transport);
        Called {
            stream,
            protocol,
            transport,
            has_ended: false,
        }
    }

    fn moved(&self) -> u64 {
        self.transport.sent
    }

    fn is_between(&self) -> bool {
        self.transport.unsent.is_empty()
    }

    fn pump(&mut self, buffer: &mut [u8]) -> io::Result<Next> {
        let Called {
            stream,
            protocol,
            transport,
            ..
        } = self;
        for _ in 0..16 {
            while !transport.unsent.is_empty() {
                let write = || stream.write(&transport.unsent);
                let Some(n) = unless_it_waits(write)? else {
                    return Ok(Next::Wait);
                };
                transport.unsent.drain(..n);
                transport.sent += n as u64;
            }
            if self.has_ended {
                return Ok(Next::Done);
            }
            match unless_it_waits(|| stream.read(buffer))? {
                None => return Ok(Next::Wait),
                Some(0) => {
                    self.has_ended = true;
                    protocol.ended(transport);
                }
                Some(n) => protocol.received(transport, &buffer[..n]),
            }
        }
        Ok(Next::Again)
    }
}

/// Echoes for many clients at once, by being called.
///
/// # Errors
///
/// The system has no event queue for us.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency* (2009),
/// part 7: the same server as a Twisted protocol.
pub fn serve(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    engine::run::<Called<Echo>>(listener, limits, stop)
}
