//! The same load for five echo servers: messages a second.
//!
//! Not by criterion: servers under load are processes, and take turns.
//!
//! cargo bench -p ch05-servers --bench echoes

mod serving;

use std::time::Duration;

use ch05_servers::load::clients::{Echo, connect};
use ch05_servers::load::{Arrivals, Plan, run};
use measure::{is_wanted, median};
use serving::{Server, WAYS};

fn main() {
    let (crowds, time) = match is_wanted() {
        true => (&[64, 512][..], Duration::from_secs(2)),
        false => (&[8][..], Duration::from_millis(200)),
    };
    let mut measured = measure::bench!("messages/s");
    for _ in measured.rounds(5) {
        for &connections in crowds {
            for (way, label) in WAYS {
                measured.add(
                    &format!("{way}-{connections}"),
                    &format!("{label}, {connections} clients"),
                    messages(way, connections, time),
                );
            }
        }
    }
    let mut ratios = Vec::new();
    for crowd in measured.rows.chunks(WAYS.len()) {
        let medians = crowd.iter().map(|row| median(row.values.clone()));
        let medians: Vec<f64> = medians.collect();
        let best = medians.iter().copied().fold(0.0, f64::max);
        ratios.extend(medians.iter().map(|median| best / median));
    }
    measured.set_ratios("behind the best at as many clients", ratios);
    measured.print(&format!(
        "Messages of 64 bytes a second, each client waits for its echo; \
         server and load generator on the same machine; rounds of {} s",
        time.as_secs()
    ));
}

#[tokio::main(flavor = "current_thread")]
async fn messages(way: &str, connections: usize, time: Duration) -> f64 {
    let server = Server::start(&format!("echo-{way}"));
    let plan = Plan {
        connections,
        time,
        arrivals: Arrivals::Closed,
    };
    let address = server.address;
    let client =
        move || async move { Ok(Echo::new(connect(address).await?, 64)) };
    let report = run(plan, client).await.expect("the server is there");
    assert_eq!(report.errors, 0, "{way}");
    assert!(!report.response.is_empty(), "{way} has not answered");
    report.response.len() as f64 / report.elapsed.as_secs_f64()
}
