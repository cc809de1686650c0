//! The loop: wait for readiness, let each ready connection move, look at the
//! clock.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token, Waker};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::echoes::when_cancelled;
use crate::serve::{Ended, Limits};

const LISTENER: Token = Token(0);
const STOP: Token = Token(1);
/// The connections' numbers follow those two.
const FIRST: usize = 2;
const PAUSE: Duration = Duration::from_millis(100);
const SHORTEST_SWEEP: Duration = Duration::from_millis(10);
const LONGEST_SWEEP: Duration = Duration::from_secs(1);

/// A connection that can be asked to go on.
pub trait Pump {
    /// Takes over an accepted socket, which does not block.
    fn new(stream: TcpStream) -> Self;
    /// Goes on until it would have to wait, or for long enough.
    ///
    /// # Errors
    ///
    /// The connection's; it is closed.
    fn pump(&mut self, buffer: &mut [u8]) -> io::Result<Next>;
    /// Returns how many bytes were sent.
    fn moved(&self) -> u64;
    /// Says whether nothing is owed to the client.
    fn is_between(&self) -> bool;
}

/// What a connection waits for.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Its socket.
    Wait,
    /// Nothing: it has had its turn and wants another.
    Again,
    /// Nothing any more.
    Done,
}

struct Engine<C> {
    poll: Poll,
    events: Events,
    connections: HashMap<Token, Connection<C>>,
    /// Those that want another turn, without a word from the system.
    again: Vec<Token>,
    accepted: u64,
    /// Whether clients may be waiting at the listener.
    waiting: bool,
    /// Not to accept before, after an error.
    rest_until: Instant,
}

struct Connection<C> {
    pump: C,
    /// When bytes last went in either direction, and how many had gone out.
    since: Instant,
}

/// Runs connections of one kind on this thread until the token is cancelled.
///
/// # Errors
///
/// The system has no event queue for us, or no thread to wait for the end.
pub fn run<C: Pump>(
    listener: std::net::TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    let (mut engine, listener) = Engine::<C>::start(listener, &stop)?;
    let mut listener = Some(listener);
    // One buffer for all connections: it is empty again after each turn.
    let mut buffer = [0; 16 * 1024];
    let limit = limits.idle.min(limits.write);
    let sweep_every = (limit / 4).clamp(SHORTEST_SWEEP, LONGEST_SWEEP);
    let mut next_sweep = Instant::now() + sweep_every;
    let mut until = None;
    loop {
        for token in engine.wait(limits.connections, next_sweep)? {
            engine.pump(token, &mut buffer);
        }
        if stop.is_cancelled() && listener.take().is_some() {
            until = Some(Instant::now() + limits.drain);
            engine.pump_all(&mut buffer);
        }
        if let Some(listener) = listener.as_mut().filter(|_| engine.waiting) {
            engine.waiting = engine.accept(listener, limits.connections);
        }
        if next_sweep <= Instant::now() {
            engine.sweep(limit);
            next_sweep = Instant::now() + sweep_every;
        }
        if let Some(ended) = until.and_then(|until| engine.drained(until)) {
            return Ok(ended);
        }
    }
}

impl<C: Pump> Engine<C> {
    /// Makes one that watches the listener and the end.
    fn start(
        listener: std::net::TcpListener,
        stop: &CancellationToken,
    ) -> io::Result<(Engine<C>, TcpListener)> {
        let poll = Poll::new()?;
        listener.set_nonblocking(true)?;
        let mut listener = TcpListener::from_std(listener);
        let registry = poll.registry();
        registry.register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Waker::new(registry, STOP)?;
        // If it fails, the next sweep notices that the token is cancelled.
        when_cancelled(stop, move || drop(waker.wake()))?;
        let engine = Engine {
            poll,
            events: Events::with_capacity(1024),
            connections: HashMap::new(),
            again: vec![],
            accepted: 0,
            waiting: false,
            rest_until: Instant::now(),
        };
        Ok((engine, listener))
    }

    /// Waits for the system, until `next_sweep` at most. Returns the
    /// connections whose turn it is.
    fn wait(
        &mut self,
        room: usize,
        next_sweep: Instant,
    ) -> io::Result<Vec<Token>> {
        let full = self.connections.len() >= room;
        let next = match () {
            () if !self.again.is_empty() => Instant::now(),
            () if self.waiting && !full => self.rest_until.min(next_sweep),
            () => next_sweep,
        };
        let wait = next.saturating_duration_since(Instant::now());
        let polled = self.poll.poll(&mut self.events, Some(wait));
        if let Err(err) = polled
            && err.kind() != ErrorKind::Interrupted
        {
            return Err(err);
        }
        let mut turns = std::mem::take(&mut self.again);
        for event in &self.events {
            match event.token() {
                // Reported once, so remembered until no client is left.
                LISTENER => self.waiting = true,
                STOP => {}
                token => turns.push(token),
            }
        }
        Ok(turns)
    }

    /// Closes the connections that are owed nothing. Returns how the server
    /// has ended, if all have ended or it is too late.
    fn drained(&mut self, until: Instant) -> Option<Ended> {
        let is_between = |c: &Connection<C>| c.pump.is_between();
        self.close_all(is_between, "done, the server ends");
        let (accepted, cut) = (self.accepted, self.connections.len());
        let has_ended = cut == 0 || until <= Instant::now();
        has_ended.then_some(Ended { accepted, cut })
    }

    /// Accepts as many as there are, and room for; says whether there may be
    /// more.
    fn accept(&mut self, listener: &mut TcpListener, room: usize) -> bool {
        while self.connections.len() < room {
            if Instant::now() < self.rest_until {
                return true;
            }
            let mut stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(err) if err.kind() == ErrorKind::WouldBlock => {
                    return false;
                }
                Err(err) => {
                    // A sleep here would stop every connection.
                    warn!("cannot accept: {err}");
                    self.rest_until = Instant::now() + PAUSE;
                    return true;
                }
            };
            // A socket that is already gone says so when it is read.
            stream.set_nodelay(true).ok();
            let token = Token(FIRST + self.accepted as usize);
            self.accepted += 1;
            let both = Interest::READABLE | Interest::WRITABLE;
            let registry = self.poll.registry();
            if registry.register(&mut stream, token, both).is_ok() {
                let (pump, since) = (C::new(stream), Instant::now());
                self.connections.insert(token, Connection { pump, since });
            }
        }
        true
    }

    fn pump(&mut self, token: Token, buffer: &mut [u8]) {
        // It may have ended since the system spoke of it.
        let Some(connection) = self.connections.get_mut(&token) else {
            return;
        };
        connection.since = Instant::now();
        let next = connection.pump.pump(buffer);
        let bytes = connection.pump.moved();
        let number = token.0 - FIRST + 1;
        match next {
            Ok(Next::Wait) => return,
            Ok(Next::Again) => return self.again.push(token),
            Ok(Next::Done) => info!(number, bytes, "done"),
            Err(err) => info!(number, bytes, "lost: {err}"),
        }
        // Closes its socket, which takes it out of the system's list, too.
        self.connections.remove(&token);
    }

    /// Closes those on whose socket nothing has moved for too long.
    fn sweep(&mut self, limit: Duration) {
        let idle = |c: &Connection<C>| c.since.elapsed() >= limit;
        self.close_all(idle, "cut off, idle");
    }

    /// Gives each connection a turn: what has arrived is read.
    fn pump_all(&mut self, buffer: &mut [u8]) {
        let tokens: Vec<Token> = self.connections.keys().copied().collect();
        for token in tokens {
            self.pump(token, buffer);
        }
    }

    fn close_all(&mut self, which: impl Fn(&Connection<C>) -> bool, why: &str) {
        let found = self.connections.iter().filter(|(_, c)| which(c));
        let tokens: Vec<Token> = found.map(|(token, _)| *token).collect();
        for token in tokens {
            info!(number = token.0 - FIRST + 1, "{why}");
            self.connections.remove(&token);
        }
    }
}
