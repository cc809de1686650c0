//! A message there and back, by its size and its transport.
//!
//! cargo bench -p ch02-processes --features nats --bench messages

mod broker;
mod socket;

use std::io;
use std::path::Path;

use ch02_processes::costs::{Echo, InProcess, InThread};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

fn main() {
    measure::criterion(messages);
}

fn messages(criterion: &mut Criterion) {
    let program = Path::new(PROGRAM);
    let mut group = criterion.benchmark_group("messages");
    sizes(&mut group, "channel", &mut InThread::start());
    let mut process = InProcess::start(program).expect("cargo has built it");
    sizes(&mut group, "pipe", &mut process);
    let socket = socket::InSocket::start(program);
    sizes(&mut group, "socket", &mut socket.expect("a port"));
    match broker::InBroker::start() {
        Ok(mut broker) => sizes(&mut group, "nats", &mut broker),
        Err(err) if err.kind() == io::ErrorKind::NotFound => {
            eprintln!("skipped: the rows of NATS; no nats-server");
        }
        Err(err) => panic!("nats-server: {err}"),
    }
    group.finish();
}

/// Sends texts of three sizes there and back.
fn sizes(
    group: &mut BenchmarkGroup<WallTime>,
    way: &str,
    other: &mut impl Echo,
) {
    for (size, bytes) in [("10-B", 10), ("1-kB", 1000), ("100-kB", 100_000)] {
        let mut text = "x".repeat(bytes);
        group.bench_function(format!("{way}-{size}"), |bencher| {
            bencher.iter(|| {
                let sent = std::mem::take(&mut text);
                text = other.echo(sent).expect("it answers");
            });
        });
    }
}
