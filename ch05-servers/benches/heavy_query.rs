//! How long a light client waits while a heavy one has its wish.
//!
//! The light one asks when it is due, not when it has been answered, so that a
//! server that stands still makes every question late that falls into it.
//!
//! Not by criterion: a server under load, whose slowest answers count.
//!
//! cargo bench -p ch05-servers --bench heavy_query

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use ch05_servers::finder::shared::SharedIndex;
use ch05_servers::heavy_query::client::Client;
use ch05_servers::heavy_query::{Tally, server};
use ch05_servers::load::clients::{Http, connect};
use ch05_servers::load::{Arrivals, Plan, run};
use measure::is_wanted;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const HEAVY: &str = "cjk";
const LIGHT: &str = "/search?q=registered";

fn main() {
    let time = match is_wanted() {
        true => Duration::from_secs(2),
        false => Duration::from_millis(200),
    };
    let address = start();
    let mut measured = measure::bench!("µs");
    for _ in measured.rounds(5) {
        for (key, label) in [
            ("alone", "no other client asks"),
            ("whole", "one answer, made on the event loop"),
            ("pages", "pages of 500 rows"),
            ("elsewhere", "one answer, made on another thread"),
        ] {
            measured.add(key, label, beside(key, address, time));
        }
    }
    measured.compare_with_first("no other client");
    measured.print(&format!(
        "What 99 of 100 light questions wait at most, 500 a second, while \
         another client asks for all of `{HEAVY}` again and again; the server \
         has one thread for its event loop; rounds of {} s",
        time.as_secs()
    ));
}

/// Starts the server on a thread of its own, which ends with the process.
fn start() -> SocketAddr {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let at = ("127.0.0.1", 0);
            let listener = TcpListener::bind(at).await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let index = SharedIndex::start();
            index.ready().await;
            tx.send(address).expect("it is waited for");
            let tally = Arc::new(Tally::default());
            server(listener, index, tally, CancellationToken::new()).await
        })
    });
    rx.recv().expect("the server starts")
}

/// Returns the light client's 99th percentile in microseconds.
fn beside(way: &str, address: SocketAddr, time: Duration) -> f64 {
    let enough = AtomicBool::new(way == "alone");
    thread::scope(|scope| {
        scope.spawn(|| ask_for_all(way, address, &enough));
        let p99 = light(address, time);
        enough.store(true, Relaxed);
        p99
    })
}

#[tokio::main(flavor = "current_thread")]
async fn ask_for_all(way: &str, address: SocketAddr, enough: &AtomicBool) {
    while !enough.load(Relaxed) {
        let mut heavy = Client::connect(address).await.expect("connects");
        heavy.get_all(way, HEAVY).await.expect("is answered");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn light(address: SocketAddr, time: Duration) -> f64 {
    let plan = Plan {
        connections: 8,
        time,
        arrivals: Arrivals::Open { per_second: 500.0 },
    };
    let client =
        move || async move { Ok(Http::new(connect(address).await?, LIGHT)) };
    let report = run(plan, client).await.expect("the server is there");
    assert_eq!(report.errors, 0);
    report.response.value_at_quantile(0.99) as f64
}
