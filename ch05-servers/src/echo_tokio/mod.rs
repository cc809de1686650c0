//! A task for each connection: the thread's loop, at a task's price.
//!
//! Read, write, again: the text is that of the thread, with an await where the
//! thread would have waited.
//!
//! cargo run -p ch05-servers -- echo-tokio
//! cargo run -p ch05-servers -- echo-tokio --port 8000

use std::io;
use std::net::TcpListener;

use tokio::net::TcpStream;
use tokio::runtime;
use tokio::select;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::echo_ready::unless_it_waits;
use crate::serve::{self, Ended, Limits, Session};

/// Sends back what arrives, until the client or the server has had enough.
///
/// Returns how many bytes that were.
///
/// # Errors
///
/// The connection's, or `TimedOut`: nothing came for `limits.idle`, or the
/// client took nothing for `limits.write`.
pub async fn echo(
    stream: &TcpStream,
    closing: &CancellationToken,
    limits: &Limits,
) -> io::Result<u64> {
    let mut echoed = 0;
    loop {
        select! {
            // Bytes first: what has arrived is echoed even at the end.
            biased;
            ready = timeout(limits.idle, stream.readable()) => ready??,
            () = closing.cancelled() => return Ok(echoed),
        }
        let (n, mut unsent) = match turn(stream)? {
            Some((0, _)) => return Ok(echoed),
            Some(moved) => moved,
            // It looked ready and was not: the system may be mistaken.
            None => continue,
        };
        while !unsent.is_empty() {
            // The limit is for each write, not for all of them: a slow reader
            // is not a dead one.
            timeout(limits.write, stream.writable()).await??;
            let sent = unless_it_waits(|| stream.try_write(&unsent))?;
            unsent.drain(..sent.unwrap_or(0));
        }
        echoed += n as u64;
    }
}

/// Reads once, and writes as much of it as goes without waiting.
///
/// Returns how many bytes were read and those that are still to be sent, or
/// nothing if nothing was there. A
/// function without an await: so its buffer lies on the thread's stack and
/// not in the task, and ten thousand idle connections do without it.
fn turn(stream: &TcpStream) -> io::Result<Option<(usize, Vec<u8>)>> {
    let mut buffer = [0; 4096];
    let Some(n) = unless_it_waits(|| stream.try_read(&mut buffer))? else {
        return Ok(None);
    };
    let sent = unless_it_waits(|| stream.try_write(&buffer[..n]))?;
    Ok(Some((n, buffer[sent.unwrap_or(0)..n].to_vec())))
}

/// Echoes for many clients at once, on all processors.
///
/// # Errors
///
/// There is no thread or event queue to be had.
pub fn serve(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let handle = move |stream: TcpStream, session: Session| async move {
            let echoed = echo(&stream, &session.closing, &limits).await;
            let number = session.number;
            match &echoed {
                Ok(bytes) => info!(number, bytes, "done"),
                Err(err) => info!(number, "lost: {err}"),
            }
            echoed.map(drop)
        };
        Ok(serve::serve(listener, &limits, stop, handle).await)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw_client::listen;

    #[tokio::test]
    async fn a_connection_carries_no_buffer_while_it_waits() {
        let (_listener, address) = listen().await.unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let (token, limits) = (CancellationToken::new(), Limits::default());
        let size = size_of_val(&echo(&stream, &token, &limits));
        assert!(size < 1000, "{size} bytes");
    }
}
