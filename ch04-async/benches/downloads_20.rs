//! Twenty flags: one after the other, five at a time, all at once.
//!
//! cargo bench -p ch04-async --bench downloads_20

mod downloading;
mod record;

use std::env;

use ch04_async::flags::{concurrent, sequential, threads};
use downloading::{DELAY, Engine, download};
use record::{Row, ratio};

const RUNS: [(&str, &str, Engine, usize); 4] = [
    ("async-20", "async, 20 at a time", concurrent::run, 20),
    ("threads-20", "20 threads", threads::run, 20),
    ("async-5", "async, 5 at a time", concurrent::run, 5),
    ("sequential", "sequential", sequential::run, 1),
];

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let rounds = if measure { 7 } else { 1 };
    let mut rows = RUNS.map(|(key, label, _, _)| Row {
        key: key.to_string(),
        label: label.to_string(),
        times: Vec::new(),
    });
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (row, (_, _, engine, at_a_time)) in rows.iter_mut().zip(RUNS) {
            row.times.push(download(engine, 20, at_a_time));
        }
    }
    if measure {
        let what = format!(
            "20 downloads from a server in the same process that takes {} ms \
             for each, saved in memory where there is \
             `/dev/shm`; the \
             median of {rounds} rounds",
            DELAY.as_millis()
        );
        let base = Some("async, 20 at a time");
        record::print(&what, "downloads_20", base, &rows);
    } else {
        // Twenty waits instead of one, if waiting were all there is.
        let times = ratio(&rows[3], &rows[0]);
        assert!(times > 3.0, "sequential takes {times} times as long");
    }
}
