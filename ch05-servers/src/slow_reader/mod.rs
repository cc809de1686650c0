//! A server that answers faster than its client reads keeps the rest in memory.
//!
//! A queue without a bound takes everything at once. A write that is awaited
//! waits for the reader, and a limit on the wait ends it.
//!
//! cargo run -p ch05-servers -- slow-reader

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::raw_client::{listen, runtime};
use crate::serve::write_limit::WriteLimit;

const CHUNK: usize = 64 * 1024;
/// What is to be sent: 128 MiB.
const CHUNKS: usize = 2048;

/// Sends through a queue that takes everything.
///
/// # Errors
///
/// The connection's.
pub async fn send_broken(
    mut stream: TcpStream,
    produced: Arc<AtomicUsize>,
) -> io::Result<()> {
    let (tx, mut rx) = mpsc::unbounded_channel::<Vec<u8>>();
    let writer = tokio::spawn(async move {
        while let Some(chunk) = rx.recv().await {
            stream.write_all(&chunk).await?;
        }
        io::Result::Ok(())
    });
    for _ in 0..CHUNKS {
        // Does not wait, and so does not notice a client that reads nothing. An
        // error would say that the writer has ended: then the rest has no reader.
        tx.send(vec![b'x'; CHUNK]).ok();
        produced.fetch_add(CHUNK, Relaxed);
    }
    drop(tx);
    writer.await.expect("the writer does not panic")
}

/// Makes the next chunk when the last one has been taken.
///
/// # Errors
///
/// The connection's; `TimedOut` when the client took nothing for `limit`.
pub async fn send(
    stream: TcpStream,
    produced: Arc<AtomicUsize>,
    limit: Duration,
) -> io::Result<()> {
    let mut stream = WriteLimit::new(stream, limit);
    for _ in 0..CHUNKS {
        stream.write_all(&vec![b'x'; CHUNK]).await?;
        produced.fetch_add(CHUNK, Relaxed);
    }
    Ok(())
}

/// Sends 128 MiB to a client that reads nothing, in both ways.
pub fn demo() {
    let shown = runtime().and_then(|runtime| runtime.block_on(show()));
    shown.expect("the loopback interface is there");
}

async fn show() -> io::Result<()> {
    let (listener, address) = listen().await?;
    let mib = |produced: &AtomicUsize| produced.load(Relaxed) >> 20;

    let produced = Arc::new(AtomicUsize::new(0));
    let client = TcpStream::connect(address).await?;
    let (stream, _) = listener.accept().await?;
    let sender = tokio::spawn(send_broken(stream, Arc::clone(&produced)));
    while produced.load(Relaxed) < CHUNKS * CHUNK {
        tokio::task::yield_now().await;
    }
    println!("a queue: {} MiB made for a client", mib(&produced));
    // It has read nothing, and goes: then the queue goes, too.
    drop(client);
    let sent = sender.await.expect("no panic");
    sent.expect_err("the client has not read all");
    println!("  ends only with its client");

    let produced = Arc::new(AtomicUsize::new(0));
    let _client = TcpStream::connect(address).await?;
    let (stream, _) = listener.accept().await?;
    let limit = Duration::from_millis(300);
    let err = send(stream, Arc::clone(&produced), limit).await;
    println!("awaited: {} MiB made for a client", mib(&produced));
    let err = err.expect_err("the client has not read");
    println!("  ends after 0.3 s: {err}");
    Ok(())
}
