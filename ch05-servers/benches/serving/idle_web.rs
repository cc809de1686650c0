//! Ten thousand keep-alive connections that say nothing, and one that does.

#![allow(dead_code, reason = "each bench uses its part")]

use std::time::{Duration, Instant};

use ch05_servers::load::Client;
use ch05_servers::load::clients::{Http, connect};
use measure::median;

use crate::peers::{Peer, TARGET};

/// What holding connections does to a server.
pub struct Held {
    pub key: &'static str,
    pub label: &'static str,
    /// Bytes in memory for each, where that can be read.
    pub bytes_each: Option<f64>,
    /// The median answer to one active client, before and while, in µs.
    pub before: f64,
    pub meanwhile: f64,
}

/// Holds `n` connections of bare hyper, then of the finder.
pub fn both(n: usize, questions: usize) -> Vec<Held> {
    let both = Peer::both();
    both.iter().map(|peer| hold(peer, n, questions)).collect()
}

/// Connects `n` clients, each of which has had one answer.
#[tokio::main(flavor = "current_thread")]
async fn hold(peer: &Peer, n: usize, questions: usize) -> Held {
    let client = async || {
        let stream = connect(peer.address).await;
        Http::new(stream.expect("descriptors enough"), TARGET)
    };
    let mut active = client().await;
    let before = ask(&mut active, questions).await;
    let empty = peer.resident();
    let mut held = Vec::with_capacity(n);
    for _ in 0..n {
        let mut client = client().await;
        client.ask().await.expect("an answer");
        held.push(client);
    }
    let full = peer.resident();
    let meanwhile = ask(&mut active, questions).await;
    let bytes_each = empty.zip(full).map(|(a, b)| (b - a) / n as f64);
    Held {
        key: peer.key,
        label: peer.label,
        bytes_each,
        before,
        meanwhile,
    }
}

async fn ask(client: &mut Http, questions: usize) -> f64 {
    let mut times = Vec::with_capacity(questions);
    for _ in 0..questions {
        let start = Instant::now();
        client.ask().await.expect("an answer");
        times.push(start.elapsed().as_secs_f64() * 1e6);
        // Otherwise it never lets the processor cool: an active client thinks.
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    median(times)
}
