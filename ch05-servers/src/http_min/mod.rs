//! The smallest web server on hyper: one handler.
//!
//! cargo run -p ch05-servers -- http-min
//! cargo run -p ch05-servers -- http-min --port 8000

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::time::Duration;

use clap::Parser;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::interrupt;
use crate::raw_client::exchange;

/// Answers one request.
async fn greet(
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path();
    let answer = match path.strip_prefix("/hello/") {
        Some(name) => Response::new(Full::from(format!("Hello, {name}!\n"))),
        None => {
            let mut answer = Response::new(Full::from("not found\n"));
            *answer.status_mut() = StatusCode::NOT_FOUND;
            answer
        }
    };
    Ok(answer)
}

/// Hands each connection to hyper, in a task of its own.
///
/// # Errors
///
/// That of `accept`.
pub async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(
            http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service_fn(greet)),
        );
    }
}

/// How long a client of the demonstration waits for an answer.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// The smallest web server
#[derive(Parser)]
#[command(after_help = "Without --port: a demonstration with two requests.")]
pub struct Args {
    /// Serve on 127.0.0.1 at this port until Ctrl-C; 0 takes a free one
    #[arg(long, allow_negative_numbers = true)]
    port: Option<u16>,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had, or a connection breaks.
#[tokio::main]
pub async fn program(args: Args) -> Result<(), Box<dyn Error>> {
    let address = ("127.0.0.1", args.port.unwrap_or(0));
    let listener = TcpListener::bind(address)
        .await
        .map_err(|err| format!("cannot listen on {address:?}: {err}"))?;
    let address = listener.local_addr()?;
    if args.port.is_some() {
        println!("listening on {address}");
        let (stop, _listening) = interrupt::on_interrupt();
        stop.run_until_cancelled(serve(listener))
            .await
            .transpose()?;
        return Ok(());
    }
    tokio::spawn(serve(listener));
    for path in ["/hello/Ada", "/"] {
        println!("GET {path}");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        );
        let (answer, _) =
            exchange(address, request.as_bytes(), TIME_LIMIT).await?;
        for line in answer.lines().filter(|line| !line.starts_with("date")) {
            println!("{}", format!("  {line}").trim_end());
        }
    }
    Ok(())
}
