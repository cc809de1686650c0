//! A feature of somebody else's turns HTTP/2 on, and limits off.
//!
//! Cargo builds a crate once, with the features that anybody asked for. A
//! server that takes what comes then takes more, without a line changed.
//!
//! cargo run -p ch05-servers -- http2
//! cargo run -p ch05-servers --features http2 --example http2

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::raw_client::{listen, runtime};
use crate::serve::http::text;

pub mod frames;

/// How long a client may take for the head of a request.
const LIMIT: Duration = Duration::from_millis(200);
/// How much longer we watch those whom the limit should have ended, too.
const GRACE: Duration = Duration::from_secs(1);

/// Serves what comes; what that can be is decided by cargo.
///
/// It is told its limits: a time for the head, one request on a connection.
pub async fn connection_broken(stream: TcpStream) -> io::Result<()> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(LIMIT)
        .keep_alive(false);
    let served =
        builder.serve_connection(TokioIo::new(stream), service_fn(answer));
    served.await.map_err(io::Error::other)
}

/// Serves HTTP/1, whatever has been compiled in.
pub async fn connection(stream: TcpStream) -> io::Result<()> {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LIMIT)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    served.await.map_err(io::Error::other)
}

async fn answer(
    _: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(text(StatusCode::OK, "hi\n"))
}

/// What five clients say, each on a connection of its own.
fn clients() -> [(&'static str, Vec<u8>); 5] {
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let preface = frames::preface();
    let hundred = (0..100).flat_map(|n| frames::get(2 * n + 1, true));
    [
        ("HTTP/1.1, half a head", get[..20].into()),
        ("HTTP/1.1, 2 requests", get.repeat(2).into()),
        ("HTTP/2, half a preface", preface[..12].to_vec()),
        (
            "HTTP/2, half a head",
            [&preface[..], &frames::get(1, false)].concat(),
        ),
        (
            "HTTP/2, 100 requests",
            preface.iter().copied().chain(hundred).collect(),
        ),
    ]
}

/// Sends the clients to both servers.
pub fn demo() {
    let shown = runtime().and_then(|runtime| {
        runtime.block_on(async {
            println!("the builder that takes what comes");
            show(true).await?;
            println!("the builder of HTTP/1");
            show(false).await
        })
    });
    shown.expect("the loopback interface is there");
}

async fn show(broken: bool) -> io::Result<()> {
    let (listener, address) = listen().await?;
    let server = tokio::spawn(accept(listener, broken));
    let enough = CancellationToken::new();
    let visits = clients().map(|(name, words)| {
        (name, tokio::spawn(visit(address, words, enough.clone())))
    });
    let mut visits = visits.into_iter();
    // Both servers close on the first client, at the limit. A second later is
    // late enough for the others, however slow this machine is.
    if let Some((name, first)) = visits.next() {
        report(name, first.await.expect("a client does not panic")?);
    }
    sleep(GRACE).await;
    enough.cancel();
    for (name, visit) in visits {
        report(name, visit.await.expect("a client does not panic")?);
    }
    server.abort();
    Ok(())
}

async fn accept(listener: TcpListener, broken: bool) {
    while let Ok((stream, _)) = listener.accept().await {
        // What is wrong with a connection is its client's to know.
        tokio::spawn(async move {
            match broken {
                true => connection_broken(stream).await.ok(),
                false => connection(stream).await.ok(),
            }
        });
    }
}

/// Says what it has to say, and reads until the server closes or it is told
/// that it is enough. Returns what was read, and whether the server closed.
async fn visit(
    address: SocketAddr,
    words: Vec<u8>,
    enough: CancellationToken,
) -> io::Result<(Vec<u8>, bool)> {
    let mut client = TcpStream::connect(address).await?;
    // A server that has closed already answers with an error, here or below.
    client.write_all(&words).await.ok();
    let mut heard = Vec::new();
    let closed = tokio::select! {
        biased;
        _ = client.read_to_end(&mut heard) => true,
        () = enough.cancelled() => false,
    };
    Ok((heard, closed))
}

fn report(name: &str, (heard, closed): (Vec<u8>, bool)) {
    let answers = frames::answers(&heard);
    let end = if closed { "closed" } else { "still connected" };
    println!("  {name:22} {answers:3} answered, {end}");
}

#[cfg(test)]
mod tests;
