//! The same await on a loop of our own.
//!
//! A task is a connection that goes on where it waited. The loop of
//! `echo-ready` polls it when its socket is ready: a scheduler in a page.
//!
//! cargo run -p ch05-servers -- echo-tasks
//! cargo run -p ch05-servers -- echo-tasks --port 8000

use std::cell::Cell;
use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use mio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::echo_ready::engine::{self, Next, Pump};
use crate::echo_ready::unless_it_waits;
use crate::serve::{Ended, Limits};

/// How many reads and writes a task has before it is the next one's turn.
const TURNS: u32 = 32;

/// Sends back what arrives, until the client has sent its last byte.
///
/// # Errors
///
/// The connection's.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency* (2009),
/// part 8: the handler whose every call is a `yield`.
pub async fn echo(client: Socket) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let n = client.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        client.write_all(&buffer[..n]).await?;
    }
}

/// A socket whose methods wait for readiness instead of blocking.
#[derive(Clone)]
pub struct Socket(Rc<Inner>);

struct Inner {
    stream: TcpStream,
    /// How many more calls may succeed before it is the next task's turn.
    turns: Cell<u32>,
    sent: Cell<u64>,
    is_writing: Cell<bool>,
}

impl Socket {
    /// Reads what there is; 0 bytes are the end.
    ///
    /// # Errors
    ///
    /// The socket's.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.ready(|mut stream| stream.read(buffer)).await
    }

    /// Writes all of it, however many turns that takes.
    ///
    /// # Errors
    ///
    /// The socket's; a part may have been sent.
    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        self.0.is_writing.set(true);
        while !bytes.is_empty() {
            let n = self.ready(|mut stream| stream.write(bytes)).await?;
            self.0.sent.update(|sent| sent + n as u64);
            bytes = &bytes[n..];
        }
        self.0.is_writing.set(false);
        Ok(())
    }

    /// Tries, and gives way to the others while the socket is not ready.
    async fn ready(
        &self,
        mut call: impl FnMut(&TcpStream) -> io::Result<usize>,
    ) -> io::Result<usize> {
        poll_fn(|_| {
            let turns = self.0.turns.get();
            if turns == 0 {
                return Poll::Pending;
            }
            match unless_it_waits(|| call(&self.0.stream)) {
                // No waker is stored: the loop knows which socket is whose,
                // and polls this task when the system names its socket.
                Ok(None) => Poll::Pending,
                Ok(Some(n)) => {
                    self.0.turns.set(turns - 1);
                    Poll::Ready(Ok(n))
                }
                Err(err) => Poll::Ready(Err(err)),
            }
        })
        .await
    }
}

type Handler = Pin<Box<dyn Future<Output = io::Result<()>>>>;

/// A connection and the future that serves it.
pub struct Task {
    socket: Socket,
    handler: Handler,
}

impl Pump for Task {
    fn new(stream: TcpStream) -> Task {
        let socket = Socket(Rc::new(Inner {
            stream,
            turns: Cell::new(0),
            sent: Cell::new(0),
            is_writing: Cell::new(false),
        }));
        let handler = Box::pin(echo(socket.clone()));
        Task { socket, handler }
    }

    fn moved(&self) -> u64 {
        self.socket.0.sent.get()
    }

    fn is_between(&self) -> bool {
        !self.socket.0.is_writing.get()
    }

    fn pump(&mut self, _: &mut [u8]) -> io::Result<Next> {
        let turns = &self.socket.0.turns;
        turns.set(TURNS);
        let mut cx = Context::from_waker(Waker::noop());
        match self.handler.as_mut().poll(&mut cx) {
            Poll::Ready(ended) => ended.map(|()| Next::Done),
            Poll::Pending if turns.get() == 0 => Ok(Next::Again),
            Poll::Pending => Ok(Next::Wait),
        }
    }
}

/// Echoes for many clients at once, a future for each, on this thread.
///
/// # Errors
///
/// The system has no event queue for us.
pub fn serve(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    engine::run::<Task>(listener, limits, stop)
}
