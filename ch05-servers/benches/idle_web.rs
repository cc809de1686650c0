//! Ten thousand idle HTTP connections: memory for each.
//!
//! cargo bench -p ch05-servers --bench idle_web

#[path = "serving/idle_web.rs"]
mod holding;
#[path = "serving/peers.rs"]
mod peers;
mod serving;

use serving::median;

fn main() {
    if std::env::args().any(|arg| arg == peers::HYPER) {
        return peers::hyper();
    }
    // `cargo bench` says so; `cargo test` does not.
    let measure = std::env::args().any(|arg| arg == "--bench");
    let (rounds, n) = if measure { (3, 10_000) } else { (1, 20) };
    let mut rows = vec![];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (i, held) in holding::both(n, 20).into_iter().enumerate() {
            if round == 1 {
                rows.push(holding::row(held.key.into(), held.label.into()));
            }
            // Elsewhere than on Linux there is nothing to read.
            rows[i].values.push(held.bytes_each.unwrap_or_default());
        }
    }
    let bare = median(&rows[0].values);
    for row in &mut rows {
        row.ratio = Some(median(&row.values) / bare);
    }
    if measure {
        let what = format!(
            "Bytes of the server in memory for each of {n} keep-alive \
             connections that have had one answer and say nothing more (the \
             kernel's own memory is not in it); the median of {rounds} rounds"
        );
        serving::print(&what, "idle_web", "bytes", Some("bare hyper"), &rows);
    }
}
