//! A graceful end that waits for everybody waits for ever.
//!
//! Stop accepting, finish what is under way, and give the rest a deadline:
//! one flag apart from a server that has to be killed.
//!
//! cargo run -p ch05-servers -- stuck-drain

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::raw_client::{listen, runtime, send_raw, status};
use crate::serve::http::{self, Metrics, text};
use crate::serve::{Ended, Limits, serve};

const DAY: Duration = Duration::from_secs(86_400);
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// A server whose one answer comes when it is let go.
struct Held {
    address: SocketAddr,
    metrics: Arc<Metrics>,
    go: Arc<Notify>,
    shutdown: CancellationToken,
    server: JoinHandle<Ended>,
}

impl Held {
    async fn start(drain: Duration) -> io::Result<Held> {
        let (listener, address) = listen().await?;
        let limits = Limits {
            // The head's limit would free the stalled client in the end.
            header: DAY,
            idle: DAY,
            drain,
            ..Limits::default()
        };
        let (metrics, go) = (Arc::new(Metrics::default()), Arc::default());
        let shutdown = CancellationToken::new();
        let (token, shared) = (shutdown.clone(), Arc::clone(&metrics));
        let gate: Arc<Notify> = Arc::clone(&go);
        let server = tokio::spawn(async move {
            serve(listener, &limits, token, move |stream, session| {
                let (metrics, gate) = (Arc::clone(&shared), Arc::clone(&gate));
                http::connection(stream, session, limits, metrics, move |_| {
                    let gate = Arc::clone(&gate);
                    async move {
                        gate.notified().await;
                        text(StatusCode::OK, "done\n")
                    }
                })
            })
            .await
        });
        Ok(Held {
            address,
            metrics,
            go,
            shutdown,
            server,
        })
    }
}

/// Ends two servers that have a stalled client each.
pub fn demo() {
    let shown = runtime().and_then(|runtime| {
        runtime.block_on(async {
            println!("waits until all have ended");
            show(DAY).await?;
            println!("waits for 0.3 s at most");
            show(Duration::from_millis(300)).await
        })
    });
    shown.expect("the loopback interface is there");
}

async fn show(drain: Duration) -> io::Result<()> {
    let held = Held::start(drain).await?;
    let mut stalled = TcpStream::connect(held.address).await?;
    stalled.write_all(b"GET / HTTP/1.1\r\nHo").await?;
    let asked = tokio::spawn(send_raw(held.address, REQUEST, DAY));
    while held.metrics.in_flight() == 0 {
        tokio::task::yield_now().await;
    }

    held.shutdown.cancel();
    while TcpStream::connect(held.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    println!("  a new client is refused");
    held.go.notify_one();
    let (answer, _) = asked.await.expect("a client does not panic")?;
    let status = status(&answer).unwrap_or("no answer");
    println!("  the request under way gets {status}");

    let exit_timeout = match drain {
        DAY => Duration::from_secs(1),
        _ => Duration::from_secs(10),
    };
    match timeout(exit_timeout, held.server).await {
        Err(_) => println!("  the server is there after a second"),
        Ok(ended) => {
            let Ended { cut, .. } = ended.expect("no panic");
            println!("  the server has ended, {cut} cut off");
        }
    }
    Ok(())
}
