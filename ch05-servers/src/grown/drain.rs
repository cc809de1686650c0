//! The server that grows: it ends in order, and in time. Nothing is missing.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::{LONGEST_LINE, answer};
use crate::serve::Limits;

/// How long the server rests when it cannot accept a client.
const PAUSE: Duration = Duration::from_millis(100);

/// A permit; the error would say that the semaphore is closed.
type Slot = Result<OwnedSemaphorePermit, AcquireError>;

/// Serves each client in a task of its own, `limits.connections` at once,
/// until `stop`. Returns how many sessions have not ended in time; they are cut
/// off when it returns.
pub async fn serve(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> usize {
    let (closing, mut sessions) = (CancellationToken::new(), JoinSet::new());
    let slots = Arc::new(Semaphore::new(limits.connections));
    loop {
        let (slot, accepted) = select! {
            () = stop.cancelled() => break,
            Some(_) = sessions.join_next() => continue,
            accepted = accept(&listener, &slots) => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // No file descriptor is left, say: that is no reason to end.
            sleep(PAUSE).await;
            continue;
        };
        let closing = closing.clone();
        sessions.spawn(async move {
            let _slot = slot;
            session(stream, limits, closing).await
        });
    }
    drop(listener);
    closing.cancel();
    let all_ended = async { while sessions.join_next().await.is_some() {} };
    timeout(limits.drain, all_ended).await.ok();
    sessions.len()
}

/// Takes a permit first, and a client second.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (Slot, io::Result<(TcpStream, SocketAddr)>) {
    let slot = Arc::clone(slots).acquire_owned().await;
    (slot, listener.accept().await)
}

/// Answers each line of a client, until the client ends, is silent, sends a
/// line that is too long or does not read, or until the server ends.
async fn session(
    mut stream: TcpStream,
    limits: Limits,
    closing: CancellationToken,
) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        let mut limited = (&mut reader).take(LONGEST_LINE);
        let reading = limited.read_until(b'\n', &mut line);
        let read = select! {
            read = timeout(limits.idle, reading) => read??,
            () = closing.cancelled() => return Ok(()),
        };
        if read == 0 {
            return Ok(());
        }
        if limited.limit() == 0 && !line.ends_with(b"\n") {
            return Err(io::Error::other("the line is too long"));
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        let task = tokio::spawn(async move { answer(&text).await });
        let answered = AbortOnDropHandle::new(task).await;
        let answer = answered.as_deref().unwrap_or("internal error\n");
        let writing = writer.write_all(answer.as_bytes());
        timeout(limits.write, writing).await??;
        line.clear();
    }
}
