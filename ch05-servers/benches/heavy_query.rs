//! How long a light client waits while a heavy one has its wish.
//!
//! The light one asks when it is due, not when it has been answered, so that a
//! server that stands still makes every question late that falls into it.
//!
//! cargo bench -p ch05-servers --bench heavy_query

mod serving;

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
use serving::{Row, median};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const HEAVY: &str = "cjk";
const LIGHT: &str = "/search?q=registered";

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = std::env::args().any(|arg| arg == "--bench");
    let (rounds, time) = match measure {
        true => (5, Duration::from_secs(2)),
        false => (1, Duration::from_millis(200)),
    };
    let address = start();
    let mut rows = [
        ("alone", "nobody else asks"),
        ("whole", "one answer, made on the event loop"),
        ("pages", "pages of 500 rows"),
        ("elsewhere", "one answer, made on another thread"),
    ]
    .map(|(key, label)| Row {
        key: key.to_string(),
        label: label.to_string(),
        values: vec![],
        ratio: None,
    });
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for row in &mut rows {
            let value = beside(&row.key, address, time);
            eprintln!("    {}: {value:.0} µs", row.label);
            row.values.push(value);
        }
    }
    let alone = median(&rows[0].values);
    for row in &mut rows {
        row.ratio = Some(median(&row.values) / alone);
    }
    if measure {
        let what = format!(
            "What 99 of 100 light questions wait at most, 500 a second, while \
             another client asks for all of `{HEAVY}` again and again; the \
             server has one thread for its event loop; the median of {rounds} \
             rounds of {} s",
            time.as_secs()
        );
        let alone = Some("nobody else");
        serving::print(&what, "heavy_query", "µs", alone, &rows);
    }
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
    let client = async || Ok(Http::new(connect(address).await?, LIGHT));
    let report = run(plan, client).await.expect("the server is there");
    assert_eq!(report.errors, 0);
    report.response.value_at_quantile(0.99) as f64
}
