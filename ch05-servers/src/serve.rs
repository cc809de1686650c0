//! What the chapter's servers stand on: accept, limit, isolate, drain.
//!
//! The sections under "what makes a server hold" show what happens without
//! each of these.

use std::io;
use std::net::SocketAddr;
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
    /// How long the server waits for its connections once it is told to end.
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
    /// Who is at the other end.
    pub peer: SocketAddr,
    /// Cancelled when the server ends: finish what has begun, begin nothing.
    pub closing: CancellationToken,
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
///
/// An error or a panic in a handler ends that connection and gives its slot
/// back. After `shutdown` new connects are refused, then the handlers are told
/// and have `limits.drain` to end; whoever has not is dropped at its next await.
/// Calling `handle` must only build its future: what panics there ends the
/// server.
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
    // Not `shutdown` itself, which wakes a handler and this loop in any order:
    // who hears that the server ends must find its port closed.
    let closing = CancellationToken::new();
    let mut connections = JoinSet::new();
    let mut pause = SHORTEST_PAUSE;
    let mut number = 0;
    loop {
        let accepted = select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(ended) = connections.join_next() => {
                report(ended);
                continue;
            }
            accepted = accept(&listener, &slots) => accepted,
        };
        let (stream, peer, slot) = match accepted {
            Ok(accepted) => accepted,
            // Out of file descriptors, say: then the next `accept` fails as
            // fast as this one, and without a pause a core does nothing else.
            Err(err) => {
                warn!("cannot accept: {err}");
                // Cancelled or not, the loop looks again.
                timeout(pause, shutdown.cancelled()).await.ok();
                pause = LONGEST_PAUSE.min(pause * 2);
                continue;
            }
        };
        pause = SHORTEST_PAUSE;
        number += 1;
        // Small answers at once. A socket that is already gone says so later.
        stream.set_nodelay(true).ok();
        let session = Session {
            number,
            peer,
            closing: closing.clone(),
        };
        // Boxed, and so moved as a pointer: an async block would keep room
        // for what it was given and once more for what it awaits.
        let handled = Box::pin(handle(stream, session));
        connections.spawn(async move {
            let _slot = slot;
            (number, handled.await)
        });
    }
    drop(listener);
    closing.cancel();
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    // Whether it was in time is what the number of those left says.
    timeout(limits.drain, all_ended).await.ok();
    let cut = connections.len();
    info!(accepted = number, cut, "drained");
    Ended {
        accepted: number,
        cut,
    }
}

/// Takes a slot first and a connection second: a client for whom there is no
/// slot costs no file descriptor, it waits in the system's queue.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await;
    let slot = slot.expect("nobody closes the semaphore");
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, slot))
}

fn report(ended: Result<(u64, io::Result<()>), JoinError>) {
    match ended {
        Ok((number, Ok(()))) => debug!(number, "closed"),
        Ok((number, Err(err))) => debug!(number, "lost: {err}"),
        // The panic has printed its message itself.
        Err(err) => error!("a handler failed: {err}"),
    }
}

#[cfg(test)]
mod tests;
