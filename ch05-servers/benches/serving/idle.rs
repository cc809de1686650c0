//! Ten thousand connections that say nothing, and one that does.

#![allow(dead_code, reason = "each bench uses its part")]

use std::time::{Duration, Instant};

use ch05_servers::load::Client;
use ch05_servers::load::clients::{Echo, connect};
use measure::median;
use tokio::net::TcpStream;

use crate::serving::Server;

/// What holding connections does to a server.
pub struct Held {
    /// Bytes in memory for each, where that can be read.
    pub bytes_each: Option<f64>,
    /// The median echo of one active client, before and while, in µs.
    pub before: f64,
    pub meanwhile: f64,
}

/// Connects `n` clients, each of which has had one echo.
#[tokio::main(flavor = "current_thread")]
pub async fn hold(way: &str, n: usize, questions: usize) -> Held {
    let server = Server::start(&format!("echo-{way}"));
    let stream = connect(server.address).await.expect("a connection");
    let mut active = Echo::new(stream, 64);
    let before = ask(&mut active, questions).await;
    let empty = server.resident();
    let mut held = Vec::with_capacity(n);
    for _ in 0..n {
        let stream = TcpStream::connect(server.address).await;
        let mut client = Echo::new(stream.expect("descriptors enough"), 64);
        client.ask().await.expect("an echo");
        held.push(client);
    }
    let full = server.resident();
    let meanwhile = ask(&mut active, questions).await;
    let bytes_each = empty.zip(full).map(|(a, b)| (b - a) / n as f64);
    Held {
        bytes_each,
        before,
        meanwhile,
    }
}

async fn ask(client: &mut Echo<TcpStream>, questions: usize) -> f64 {
    let mut times = Vec::with_capacity(questions);
    for _ in 0..questions {
        let start = Instant::now();
        client.ask().await.expect("an echo");
        times.push(start.elapsed().as_secs_f64() * 1e6);
        // Otherwise it never lets the processor cool: an active client thinks.
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    median(times)
}
