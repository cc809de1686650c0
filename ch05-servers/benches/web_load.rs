//! The web finder beside a hyper that only repeats the same body, and beside
//! the finder on aiohttp: requests a second.
//!
//! cargo bench -p ch05-servers --bench web_load

mod serving;

use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use ch05_servers::s07_load::clients::{Http, connect};
use ch05_servers::s07_load::{Arrivals, Plan, Report, run};
use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serving::{Row, Server, median};
use tokio::net::TcpListener;

const TARGET: &str = "/search?q=cat+smiling";
const BODY: &str = r#"{"total":3,"start":0,"stop":3,"chars":[{"code":"U+1F638","char":"😸","name":"GRINNING CAT FACE WITH SMILING EYES"},{"code":"U+1F63A","char":"😺","name":"SMILING CAT FACE WITH OPEN MOUTH"},{"code":"U+1F63B","char":"😻","name":"SMILING CAT FACE WITH HEART-SHAPED EYES"}]}"#;

const AIOHTTP: &str = r#"
import asyncio, sys
sys.path.insert(0, "ch05-servers/python")
import web
from aiohttp.web import AppRunner, TCPSite
async def main():
    runner = AppRunner(web.application(web.Index()), access_log=None)
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    host, port = runner.addresses[0]
    print(f"listening on {host}:{port}", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"#;

/// As an argument, makes this program the bare hyper.
const HYPER: &str = "--hyper";

fn main() {
    if std::env::args().any(|arg| arg == HYPER) {
        return hyper();
    }
    // `cargo bench` says so; `cargo test` does not.
    let measure = std::env::args().any(|arg| arg == "--bench");
    let (rounds, crowds, time) = match measure {
        true => (5, &[64, 512][..], Duration::from_secs(2)),
        false => (1, &[8][..], Duration::from_millis(200)),
    };
    let this = std::env::current_exe().expect("it runs");
    let bare = Other::start(&this, &[HYPER]).expect("it is this program");
    let finder = Server::start("web");
    let python = Other::start(Path::new("python3"), &["-c", AIOHTTP]);
    let mut servers = vec![
        ("hyper", "bare hyper, the same body", bare.address),
        ("finder", "the web finder", finder.address),
    ];
    match &python {
        Some(python) => {
            servers.push(("aiohttp", "the twin on aiohttp", python.address));
        }
        None => eprintln!("no aiohttp: skipped"),
    }
    for (_, label, address) in &servers {
        eprintln!("{label} at {address}");
        wait_for(*address);
    }
    let mut rows = vec![];
    for &connections in crowds {
        let of_crowd = rows.len();
        rows.extend(servers.iter().map(|(key, label, _)| Row {
            key: format!("{key}-{connections}"),
            label: format!("{label}, {connections} clients"),
            values: vec![],
            ratio: None,
        }));
        let mut ratios = vec![vec![]; servers.len()];
        for round in 1..=rounds {
            eprintln!("{connections} clients, round {round} of {rounds}");
            for (i, (_, label, address)) in servers.iter().enumerate() {
                let report = load(*address, connections, time);
                let per_second =
                    report.response.len() as f64 / report.elapsed.as_secs_f64();
                let p99 = report.response.value_at_quantile(0.99);
                eprintln!("    {label}: {per_second:.0}/s, p99 {p99} µs");
                rows[of_crowd + i].values.push(per_second);
                // Round by round: what disturbs a round disturbs all of it.
                let bare = rows[of_crowd].values[round - 1];
                ratios[i].push(per_second / bare);
            }
        }
        for (row, ratios) in rows[of_crowd..].iter_mut().zip(&ratios) {
            row.ratio = Some(median(ratios));
        }
    }
    if measure {
        let what = format!(
            "Answers a second to `{TARGET}`, each client waits for its answer; \
             servers and load generator on the same machine, one line of log \
             for a request switched off; the median of {rounds} rounds of {} s",
            time.as_secs()
        );
        let bare = Some("bare hyper with as many clients");
        serving::print(&what, "web_load", "requests/s", bare, &rows);
    } else {
        assert!(rows.iter().all(|row| row.values[0] > 0.0));
    }
}

/// Is a hyper without anything around it: as many threads as the finder, and
/// a process of its own as the others are.
#[tokio::main]
async fn hyper() {
    let at = ("127.0.0.1", 0);
    let listener = TcpListener::bind(at).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    println!("listening on {address}");
    loop {
        let (stream, _) = listener.accept().await.expect("accepts");
        stream.set_nodelay(true).expect("a socket");
        let service = service_fn(async |_| {
            let body = Bytes::from_static(BODY.as_bytes());
            let mut response = Response::new(Full::new(body));
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            Ok::<_, Infallible>(response)
        });
        let connection = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service);
        // A client that goes ends its connection, as it should.
        tokio::spawn(async { connection.await.ok() });
    }
}

/// A program that says where it listens.
struct Other {
    process: Child,
    address: SocketAddr,
}

impl Other {
    /// Starts it; returns none if it cannot be had here.
    fn start(program: &Path, args: &[&str]) -> Option<Other> {
        let mut process = Command::new(program)
            .args(args)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let stdout = process.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("UTF-8");
        let address = line.trim_end().strip_prefix("listening on ");
        let address = address.and_then(|address| address.parse().ok());
        let Some(address) = address else {
            process.wait().expect("it has ended, without its module");
            return None;
        };
        Some(Other { process, address })
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // It may have ended, which the measurement will have noticed.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Asks until there is an answer of the wanted kind: the index may be late.
fn wait_for(address: SocketAddr) {
    let moment = Duration::from_millis(50);
    while load(address, 1, moment).response.is_empty() {
        thread::sleep(moment);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn load(
    address: SocketAddr,
    connections: usize,
    time: Duration,
) -> Report {
    let plan = Plan {
        connections,
        time,
        arrivals: Arrivals::Closed,
    };
    let client = async || Ok(Http::new(connect(address).await?, TARGET));
    run(plan, client).await.expect("the server is there")
}
