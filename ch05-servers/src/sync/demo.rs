//! The same questions to both, and then many of them.

use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::serve;
use crate::finder::Index;
use crate::finder::shared::SharedIndex;
use crate::load::clients::{Http, connect};
use crate::load::{self as load, Arrivals, Plan};
use crate::raw_client::{listen, runtime, send_raw, status};
use crate::serve::Limits;
use crate::web::program::finder;

const PATHS: [&str; 6] = [
    "/health",
    "/search?q=cat+smiling",
    "/search?q=%20",
    "/?q=%22%3E%3Cscript%3E",
    "/style.css",
    "/nowhere",
];

/// Compares the answers of both servers, and says how many a second they give.
///
/// # Errors
///
/// A server cannot be started, or does not answer.
pub fn demo() -> io::Result<()> {
    runtime()?.block_on(async {
        let stop = CancellationToken::new();
        let _stops = stop.clone().drop_guard();
        let limits = Limits::default();

        let (listener, threads) = listen().await?;
        let (listener, token) = (listener.into_std()?, stop.clone());
        listener.set_nonblocking(false)?;
        let server = move || serve(Index::new(), listener, limits, token);
        thread::Builder::new().spawn(server)?;

        let (listener, tasks) = listen().await?;
        let listener = listener.into_std()?;
        // A thread of its own for this one, too: we are busy asking.
        thread::Builder::new().spawn(move || {
            runtime()?.block_on(async {
                let listener = TcpListener::from_std(listener)?;
                finder(listener, limits, SharedIndex::start(), stop).await;
                io::Result::Ok(())
            })
        })?;
        while !ask(tasks, "/health").await?.contains(" 200 OK") {
            sleep(Duration::from_millis(10)).await;
        }

        for path in PATHS {
            let (one, other) =
                (ask(threads, path).await?, ask(tasks, path).await?);
            let status = status(&one).unwrap_or("no answer").to_string();
            let same = said(&one) == said(&other);
            println!("{path}: {status}, the same from both: {same}");
        }
        for (name, address) in [("threads", threads), ("tasks", tasks)] {
            let rate = rate(address).await?;
            eprintln!("    {name}: {rate:.0} answers a second");
        }
        Ok(())
    })
}

async fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let read_timeout = Duration::from_secs(60);
    Ok(send_raw(address, request.as_bytes(), read_timeout).await?.0)
}

/// Returns what both have to agree on: status, kind and body.
fn said(answer: &str) -> (Option<&str>, Option<&str>, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let kind = head.lines().find(|line| line.starts_with("content-type: "));
    (status(answer), kind, body)
}

async fn rate(address: SocketAddr) -> io::Result<f64> {
    let plan = Plan {
        connections: 16,
        time: Duration::from_millis(500),
        arrivals: Arrivals::Closed,
    };
    let asked = load::run(plan, move || async move {
        let stream = connect(address).await?;
        Ok(Http::new(stream, "/search?q=cat+smiling"))
    })
    .await?;
    Ok(asked.response.len() as f64 / asked.elapsed.as_secs_f64())
}
