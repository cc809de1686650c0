//! Without a time limit, who says nothing stays for ever.
//!
//! A server that has to be asked for its limits, and the four places where a
//! client can stop.
//!
//! cargo run -p ch05-servers -- no-timeouts

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::raw_client::{listen, runtime, send_raw, status};
use crate::serve::http::text;

/// Where a client stops, and what it has sent until then.
const STALLS: [(&str, &str); 4] = [
    ("says nothing", ""),
    ("half a head", "POST / HTTP/1.1\r\nHost: a\r\nContent-"),
    (
        "half a body",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal",
    ),
    ("no next request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
];

/// Serves as hyper does when it is not told otherwise.
///
/// Its limit on the head is 30 s by default. It needs a timer to keep it, has
/// none, and says nothing.
pub async fn connection_broken<S>(stream: S) -> hyper::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request| async {
        Ok::<_, Infallible>(answer(request).await)
    });
    http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await
}

/// Serves with a limit on the head and on the body.
pub async fn connection(
    stream: TcpStream,
    limit: Duration,
) -> hyper::Result<()> {
    let service = service_fn(|request| async move {
        let in_time = timeout(limit, answer(request)).await;
        Ok::<_, Infallible>(in_time.unwrap_or_else(|_| {
            text(StatusCode::REQUEST_TIMEOUT, "took too long\n")
        }))
    });
    http1::Builder::new()
        // Hyper does not know which runtime it is in.
        .timer(TokioTimer::new())
        // From the first moment, and again after each answer.
        .header_read_timeout(limit)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

/// Says how long the body was; so it has to wait for all of it.
async fn answer(request: Request<Incoming>) -> Response<Full<Bytes>> {
    match request.into_body().collect().await {
        Ok(body) => {
            let n = body.to_bytes().len();
            text(StatusCode::OK, format!("{n} bytes\n"))
        }
        Err(_) => text(StatusCode::BAD_REQUEST, "no body\n"),
    }
}

/// Lets the four clients stall at both servers.
pub fn demo() {
    let shown = runtime().and_then(|runtime| {
        runtime.block_on(async {
            println!("no limits, after a second");
            show(None).await?;
            println!("limits of 0.2 s");
            show(Some(Duration::from_millis(200))).await
        })
    });
    shown.expect("the loopback interface is there");
}

async fn show(limit: Option<Duration>) -> io::Result<()> {
    let (listener, address) = listen().await?;
    tokio::spawn(accept(listener, limit));
    let read_timeout = match limit {
        None => Duration::from_secs(1),
        // More than enough; the server is to close first.
        Some(_) => Duration::from_secs(10),
    };
    let clients = STALLS.map(|(_, sent)| {
        tokio::spawn(send_raw(address, sent.as_bytes(), read_timeout))
    });
    for ((name, _), client) in STALLS.iter().zip(clients) {
        let (answer, closed) =
            client.await.expect("a client does not panic")?;
        let status = status(&answer).unwrap_or("no answer");
        let end = if closed { "closed" } else { "still connected" };
        println!("  {name:16} {status}, {end}");
    }
    Ok(())
}

async fn accept(listener: TcpListener, limit: Option<Duration>) {
    while let Ok((stream, _)) = listener.accept().await {
        // What is wrong with a connection is its client's to know.
        tokio::spawn(async move {
            match limit {
                None => connection_broken(stream).await.ok(),
                Some(limit) => connection(stream, limit).await.ok(),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::Instant;

    use super::*;

    const AN_HOUR: Duration = Duration::from_secs(3_600);

    /// Serves with hyper's own limit, and a clock to keep it.
    async fn with_a_timer(stream: DuplexStream) -> hyper::Result<()> {
        let service = service_fn(|request| async {
            Ok::<_, Infallible>(answer(request).await)
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service)
            .await
    }

    /// Sends what comes before a stall, and returns how long the server stays
    /// connected: an hour at most.
    async fn how_long_it_stays<F>(
        serve: fn(DuplexStream) -> F,
        sent: &str,
    ) -> Duration
    where
        F: Future<Output = hyper::Result<()>> + Send + 'static,
    {
        let (mut client, server) = duplex(4096);
        tokio::spawn(serve(server));
        client.write_all(sent.as_bytes()).await.unwrap();
        let start = Instant::now();
        let mut answer = Vec::new();
        let end = client.read_to_end(&mut answer);
        // An error here is the hour's end, which is an answer as well.
        timeout(AN_HOUR, end).await.ok();
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn hypers_own_limit_needs_a_timer() {
        for (name, sent) in STALLS {
            let without = how_long_it_stays(connection_broken, sent).await;
            assert_eq!(without, AN_HOUR, "{name}");
            let with = how_long_it_stays(with_a_timer, sent).await;
            match name {
                // A limit on the head is none on the body.
                "half a body" => assert_eq!(with, AN_HOUR),
                _ => assert_eq!(with.as_secs(), 30, "{name}"),
            }
        }
    }
}
