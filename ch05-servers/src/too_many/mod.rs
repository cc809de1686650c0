//! Who lets everybody in has let in too many.
//!
//! 200 clients come at once. Without a limit all are inside; with one of 50
//! the others wait where waiting costs us nothing, and all are served.
//!
//! cargo run -p ch05-servers -- too-many

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::raw_client::{listen, runtime};
use crate::serve::{Ended, Limits, serve};

const CLIENTS: usize = 200;

/// How many are inside, and the most there were.
#[derive(Default)]
struct Counter {
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Counter {
    async fn count<T>(&self, work: impl Future<Output = T>) -> T {
        let inside = self.inside.fetch_add(1, SeqCst) + 1;
        self.most.fetch_max(inside, SeqCst);
        let done = work.await;
        self.inside.fetch_sub(1, SeqCst);
        done
    }
}

/// Sends 200 clients to a server that has so many slots.
async fn crowd(slots: usize) -> io::Result<(Ended, usize, usize)> {
    let (listener, address) = listen().await?;
    let limits = Limits {
        connections: slots,
        ..Limits::default()
    };
    let counter = Arc::new(Counter::default());
    let (shared, stop) = (Arc::clone(&counter), CancellationToken::new());
    let token = stop.clone();
    let server = tokio::spawn(async move {
        serve(listener, &limits, token, |stream, _| {
            let counter = Arc::clone(&shared);
            async move { counter.count(echo_one(stream)).await }
        })
        .await
    });
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| tokio::spawn(visit(address, Arc::clone(&counter), slots)))
        .collect();
    let mut answered = 0;
    for client in clients {
        let echo = client.await.expect("a client does not panic")?;
        answered += usize::from(echo == b'x');
    }
    stop.cancel();
    let ended = server.await.expect("a server does not panic");
    Ok((ended, counter.most.load(SeqCst), answered))
}

/// Echoes a byte, and stays until the client leaves.
async fn echo_one(mut stream: TcpStream) -> io::Result<()> {
    let byte = stream.read_u8().await?;
    stream.write_u8(byte).await?;
    // What comes now is the end.
    stream.read_u8().await.map_or(Ok(()), |_| Ok(()))
}

/// Asks, and stays until the place is as full as it gets.
async fn visit(
    address: SocketAddr,
    counter: Arc<Counter>,
    slots: usize,
) -> io::Result<u8> {
    let mut client = TcpStream::connect(address).await?;
    client.write_u8(b'x').await?;
    let echo = timeout(Duration::from_secs(20), client.read_u8()).await??;
    while counter.most.load(SeqCst) < slots.min(CLIENTS) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(echo)
}

/// Sends the crowd to a server without a limit, and to one with.
pub fn demo() {
    for (name, slots) in [("no limit", 100_000), ("50 slots", 50)] {
        let seen = runtime().and_then(|runtime| runtime.block_on(crowd(slots)));
        let (ended, most, answered) =
            seen.expect("200 connections are granted");
        println!(
            "{name}: {most} inside at once, {answered} answered, {} cut off",
            ended.cut
        );
    }
}
