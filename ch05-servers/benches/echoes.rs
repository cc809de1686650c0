//! The same load for five echo servers: messages a second.
//!
//! cargo bench -p ch05-servers --bench echoes

mod serving;

use std::time::Duration;

use ch05_servers::load::clients::{Echo, connect};
use ch05_servers::load::{Arrivals, Plan, run};
use serving::{Row, Server, WAYS, median};

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = std::env::args().any(|arg| arg == "--bench");
    let (rounds, crowds, time) = match measure {
        true => (5, &[64, 512][..], Duration::from_secs(2)),
        false => (1, &[8][..], Duration::from_millis(200)),
    };
    let mut rows = vec![];
    for &connections in crowds {
        let of_crowd = rows.len();
        rows.extend(WAYS.map(|(key, label)| Row {
            key: format!("{key}-{connections}"),
            label: format!("{label}, {connections} clients"),
            values: vec![],
            ratio: None,
        }));
        for round in 1..=rounds {
            eprintln!("{connections} clients, round {round} of {rounds}");
            for (row, (way, _)) in rows[of_crowd..].iter_mut().zip(WAYS) {
                row.values.push(messages(way, connections, time));
            }
        }
        let medians = rows[of_crowd..].iter().map(|row| median(&row.values));
        let best = medians.fold(0.0, f64::max);
        for row in &mut rows[of_crowd..] {
            row.ratio = Some(best / median(&row.values));
        }
    }
    if measure {
        let what = format!(
            "Messages of 64 bytes a second, each client waits for its echo; \
             server and load generator on the same machine; the median of \
             {rounds} rounds of {} s",
            time.as_secs()
        );
        let best = "times behind the best at as many clients";
        serving::print(&what, "echoes", "messages/s", Some(best), &rows);
    } else {
        assert!(rows.iter().all(|row| row.values[0] > 0.0));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn messages(way: &str, connections: usize, time: Duration) -> f64 {
    let server = Server::start(&format!("echo-{way}"));
    let plan = Plan {
        connections,
        time,
        arrivals: Arrivals::Closed,
    };
    let client = async || Ok(Echo::new(connect(server.address).await?, 64));
    let report = run(plan, client).await.expect("the server is there");
    assert_eq!(report.errors, 0, "{way}");
    report.response.len() as f64 / report.elapsed.as_secs_f64()
}
