//! Many downloads at a time, against the least time that they can take.
//!
//! cargo bench -p ch04-async --bench downloads

mod downloading;
mod record;

use std::env;

use ch04_async::flags::{concurrent, threads};
use downloading::{DELAY, Engine, download};
use record::{Row, ratio};

const ENGINES: [(&str, &str, Engine); 2] = [
    ("async", "async", concurrent::run),
    ("threads", "threads", threads::run),
];

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (n, at_a_time, rounds) = if measure {
        (1_000, 100, 7)
    } else {
        (100, 10, 1)
    };
    let ideal = DELAY * (n / at_a_time) as u32;
    let mut rows = vec![Row {
        key: "ideal".to_string(),
        label: "ideal: downloads × delay / downloads at a time".to_string(),
        times: vec![ideal; rounds],
    }];
    rows.extend(ENGINES.map(|(key, label, _)| Row {
        key: key.to_string(),
        label: label.to_string(),
        times: Vec::new(),
    }));
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (row, (_, _, engine)) in rows[1..].iter_mut().zip(ENGINES) {
            row.times.push(download(engine, n, at_a_time));
        }
    }
    if measure {
        let what = format!(
            "{n} downloads, {at_a_time} at a time, from a server in the same \
             process that takes {} ms for each, saved in memory where there is \
             `/dev/shm`; the \
             median of {rounds} rounds",
            DELAY.as_millis()
        );
        record::print(&what, "downloads", Some("the ideal"), &rows);
    } else {
        // One after the other they would take ten times the ideal.
        for row in &rows[1..] {
            assert!(ratio(row, &rows[0]) < 5.0, "{}", row.label);
        }
    }
}
