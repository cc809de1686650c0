//! A handler that panics takes its connection along, and no more.
//!
//! If it is caught, the client gets an answer. What it leaves half-done is
//! another matter: a lock that was held says so to everybody after it.
//!
//! cargo run -p ch05-servers -- panics

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::raw_client::{listen, runtime, send_raw, status};
use crate::serve::http::{self, Metrics, text};
use crate::serve::{Limits, Session, serve};

/// Counts a visitor. On `/panic` it panics, with the lock in its hand.
///
/// Trusts the lock: who finds it poisoned panics in turn.
pub fn visit_broken(path: &str, visitors: &Mutex<u32>) -> String {
    let mut n = visitors.lock().expect("no visitor has panicked");
    *n += 1;
    assert_ne!(path, "/panic", "asked to");
    format!("visitor {n}")
}

/// Counts a visitor, whatever became of those before.
pub fn visit(path: &str, visitors: &Mutex<u32>) -> String {
    // Right for a counter: adding one leaves nothing half-done behind.
    let mut n = visitors.lock().unwrap_or_else(PoisonError::into_inner);
    *n += 1;
    assert_ne!(path, "/panic", "asked to");
    format!("visitor {n}")
}

type Visit = fn(&str, &Mutex<u32>) -> String;

/// Answers with hyper alone: a panic unwinds through the connection's task.
async fn uncaught(
    stream: TcpStream,
    visit: Visit,
    visitors: Arc<Mutex<u32>>,
) -> io::Result<()> {
    let service = service_fn(|request| {
        let visitors = Arc::clone(&visitors);
        async move { Ok::<_, Infallible>(answer(&request, visit, &visitors)) }
    });
    let connection =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    connection.await.map_err(io::Error::other)
}

/// Answers with `serve::http`, which catches it around the answer.
async fn caught(
    stream: TcpStream,
    session: Session,
    visit: Visit,
    visitors: Arc<Mutex<u32>>,
) -> io::Result<()> {
    let (limits, metrics) = (Limits::default(), Arc::new(Metrics::default()));
    http::connection(stream, session, limits, metrics, |request| {
        let visitors = Arc::clone(&visitors);
        async move { answer(&request, visit, &visitors) }
    })
    .await
}

fn answer<B>(
    request: &hyper::Request<B>,
    visit: Visit,
    visitors: &Mutex<u32>,
) -> Response<Full<Bytes>> {
    text(StatusCode::OK, visit(request.uri().path(), visitors) + "\n")
}

/// Has three servers visited by somebody, a panic, and somebody.
pub fn demo() {
    let shown = runtime().and_then(|runtime| {
        runtime.block_on(async {
            println!("not caught");
            show(false, visit).await?;
            println!("caught, and the lock is trusted");
            show(true, visit_broken).await?;
            println!("caught, and the lock is taken as it is");
            show(true, visit).await
        })
    });
    shown.expect("the loopback interface is there");
}

async fn show(catch: bool, visit: Visit) -> io::Result<()> {
    let (listener, address) = listen().await?;
    let shutdown = CancellationToken::new();
    let _ends_with_us = shutdown.clone().drop_guard();
    tokio::spawn(async move {
        let visitors = Arc::new(Mutex::new(0));
        serve(listener, &Limits::default(), shutdown, |stream, session| {
            let visitors = Arc::clone(&visitors);
            async move {
                match catch {
                    false => uncaught(stream, visit, visitors).await,
                    true => caught(stream, session, visit, visitors).await,
                }
            }
        })
        .await
    });
    for path in ["/", "/panic", "/"] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        );
        let read_timeout = Duration::from_secs(10);
        let (answer, _) =
            send_raw(address, request.as_bytes(), read_timeout).await?;
        let status = status(&answer).unwrap_or("closed");
        let body = answer.lines().last().unwrap_or("nothing");
        println!("  {path:6}  {status}: {body}");
    }
    Ok(())
}
