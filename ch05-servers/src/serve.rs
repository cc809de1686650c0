//! What the chapter's servers stand on: accept, limit, isolate, drain.
//!
//! The sections under "what makes a server hold" show what happens without
//! each of these.
//!
//! An error or a panic in a handler of [`serve`] ends that connection and gives
//! its slot back. After `shutdown` new connects are refused, then `closing` is
//! cancelled, and the handlers have `limits.drain` to end. A handler that has
//! not ended by then is dropped at its next await. Calling `handle` must only
//! build its future: a panic there ends the server.

use std::any::Any;
use std::future::pending;
use std::io;
use std::mem;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

pub mod blocking;
pub mod head_limit;
pub mod http;
pub mod program;
pub mod protocol;
pub mod write_limit;

/// How long the loop rests after an error in `accept`; doubles each time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What a server grants to strangers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections at once; the others wait to be accepted.
    pub connections: usize,
    /// How long a client may send nothing, between two requests.
    pub idle: Duration,
    /// How long a client may take to send the head of a request.
    pub header: Duration,
    /// How long an answer may be worked on.
    pub request: Duration,
    /// How long a client may take none of the bytes that are for it.
    pub write: Duration,
    /// How long the server waits for its connections at its end.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        let seconds = Duration::from_secs;
        Limits {
            connections: 512,
            idle: seconds(10),
            header: seconds(10),
            request: seconds(30),
            write: seconds(10),
            drain: seconds(5),
        }
    }
}

/// One accepted connection, as its handler sees it.
pub struct Session {
    /// Counted from 1, in the order in which they were accepted.
    pub number: u64,
    /// The client's address.
    pub peer: SocketAddr,
    /// Cancelled when the server ends: finish what has begun, begin nothing.
    pub closing: CancellationToken,
}

impl Session {
    /// Makes one with a `closing` of its own, which is cancelled with that.
    fn new(
        number: u64,
        peer: SocketAddr,
        closing: &CancellationToken,
    ) -> Session {
        // Not the token that ends the server: it wakes a handler and the
        // accept loop in any order, and a handler must find the port closed.
        let closing = closing.clone();
        Session {
            number,
            peer,
            closing,
        }
    }
}

/// How a server ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    /// How many connections there were.
    pub accepted: u64,
    /// How many of them did not end within the drain time, and were cut off.
    pub cut: usize,
}

/// Runs `handle` for each connection in a task of its own, until `shutdown`.
pub async fn serve<F, Fut>(
    listener: TcpListener,
    limits: &Limits,
    shutdown: CancellationToken,
    handle: F,
) -> Ended
where
    F: Fn(TcpStream, Session) -> Fut,
    Fut: Future<Output = io::Result<()>> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(limits.connections));
    let closing = CancellationToken::new();
    let mut connections = JoinSet::new();
    let (mut accepted, mut pause) = (0, SHORTEST_PAUSE);
    loop {
        let client = select! {
            biased;
            () = shutdown.cancelled() => break,
            () = report_each(&mut connections) => continue,
            client = accept(&listener, &slots) => client,
        };
        let Ok((stream, peer, slot)) = client else {
            pause = rest(pause, &shutdown).await;
            continue;
        };
        (pause, accepted) = (SHORTEST_PAUSE, accepted + 1);
        let session = Session::new(accepted, peer, &closing);
        // Boxed, so that the task keeps a pointer and not a second copy.
        let handled = Box::pin(handle(stream, session));
        connections.spawn(async move {
            let _slot = slot;
            (accepted, handled.await)
        });
    }
    drop(listener);
    closing.cancel();
    let cut = drain(connections, limits.drain).await;
    Ended { accepted, cut }
}

type Connections = JoinSet<(u64, io::Result<()>)>;

/// Waits for the connections that are there, and then cuts off the rest.
///
/// Returns how many these are.
async fn drain(mut connections: Connections, limit: Duration) -> usize {
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    // Whether it was in time is what the number of those left says.
    timeout(limit, all_ended).await.ok();
    let cut = connections.len();
    info!(cut, "drained");
    cut
}

/// Waits before the next `accept`, or until the end; returns the next pause.
///
/// When the process is out of file descriptors, the next `accept` fails as
/// fast as the last one: without a pause a core does nothing else.
async fn rest(pause: Duration, shutdown: &CancellationToken) -> Duration {
    timeout(pause, shutdown.cancelled()).await.ok();
    LONGEST_PAUSE.min(pause * 2)
}

/// Reports each connection that ends, and never returns.
async fn report_each(connections: &mut Connections) {
    while let Some(ended) = connections.join_next().await {
        report(ended);
    }
    pending().await
}

/// Takes a slot first and a connection second: a client for whom there is no
/// slot costs no file descriptor, it waits in the system's queue.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await;
    let slot = slot.expect("the semaphore is never closed");
    let accepted = listener.accept().await;
    let (stream, peer) =
        accepted.inspect_err(|err| warn!("cannot accept: {err}"))?;
    // Small answers at once. A socket that is already gone says so later.
    stream.set_nodelay(true).ok();
    Ok((stream, peer, slot))
}

fn report(ended: Result<(u64, io::Result<()>), JoinError>) {
    match ended {
        Ok((number, Ok(()))) => debug!(number, "closed"),
        Ok((number, Err(err))) => debug!(number, "lost: {err}"),
        // An aborted task has no payload; none of these is aborted.
        Err(err) => {
            let why = err
                .try_into_panic()
                .map_or_else(|err| err.to_string(), panic_message);
            error!("a handler panicked: {why}");
        }
    }
}

/// Returns a panic's message, and drops its payload.
///
/// The payload is a value of the handler's, so its `Drop` may panic as well.
/// The payload of that panic is leaked: dropping it could go on for ever.
pub fn panic_message(payload: Box<dyn Any + Send>) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or(payload.downcast_ref::<&str>().copied());
    let text = text.unwrap_or("no message").to_string();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(payload)));
    if let Err(second) = dropped {
        mem::forget(second);
    }
    text
}

#[cfg(test)]
mod tests;
