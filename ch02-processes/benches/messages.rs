//! A message there and back, by its size and by what it travels through.
//!
//! cargo bench -p ch02-processes --features nats --bench messages

mod broker;
mod record;
mod socket;

use std::env;
use std::io;
use std::path::Path;

use ch02_processes::costs::{InProcess, InThread, there_and_back};
use record::Row;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

fn main() -> io::Result<()> {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (rounds, times) = if measure { (7, 201) } else { (1, 11) };
    let program = Path::new(PROGRAM);
    let mut thread = InThread::start();
    let mut process = InProcess::start(program)?;
    let mut socket = socket::InSocket::start(program)?;
    let mut broker = match broker::InBroker::start() {
        Ok(broker) => Some(broker),
        Err(err) if err.kind() == io::ErrorKind::NotFound => {
            eprintln!("skipped: the rows of NATS; no nats-server");
            None
        }
        Err(err) => return Err(err),
    };
    let mut rows: Vec<Row> = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (size, bytes) in [("10-B", 10), ("1-kB", 1000), ("100-kB", 100_000)]
        {
            let mut add =
                |way: &str, label: &str, time: std::time::Duration| {
                    let label = format!("{}, {label}", size.replace('-', " "));
                    let micros = time.as_secs_f64() * 1e6;
                    record::add(
                        &mut rows,
                        &format!("{way}-{size}"),
                        &label,
                        micros,
                    );
                };
            let time = there_and_back(times, &mut thread, bytes)?;
            add("channel", "channel", time);
            let time = there_and_back(times, &mut process, bytes)?;
            add("pipe", "pipe", time);
            let time = there_and_back(times, &mut socket, bytes)?;
            add("socket", "TCP socket", time);
            if let Some(broker) = &mut broker {
                let time = there_and_back(times, broker, bytes)?;
                add("nats", "NATS server", time);
            }
        }
    }
    if measure {
        let what = format!(
            "A message as a frame of JSON there and back; the median of \
             {rounds} rounds of {times}"
        );
        let bench = "messages --features nats";
        record::print(&what, bench, "µs", Some("a channel with 10 B"), &rows);
    } else {
        // True on any machine, in any build.
        let row = |key: &str| rows.iter().find(|row| row.key == key);
        let (pipe, nats) = (row("pipe-10-B"), row("nats-10-B"));
        if let (Some(pipe), Some(nats)) = (pipe, nats) {
            assert!(record::ratio(nats, pipe) > 1.0, "one more on the way");
        }
    }
    Ok(())
}
