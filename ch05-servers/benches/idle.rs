//! Ten thousand idle connections: memory for each.
//!
//! cargo bench -p ch05-servers --bench idle

#[path = "serving/idle.rs"]
mod holding;
mod serving;

use serving::{Row, WAYS};

fn main() {
    let measure = std::env::args().any(|arg| arg == "--bench");
    let (rounds, n) = if measure { (3, 10_000) } else { (1, 20) };
    let mut rows = WAYS.map(|(key, label)| Row {
        key: key.to_string(),
        label: label.to_string(),
        values: vec![],
        ratio: None,
    });
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for row in &mut rows {
            let held = holding::hold(&row.key, n, 20);
            // Elsewhere than on Linux there is nothing to read.
            row.values.push(held.bytes_each.unwrap_or_default());
        }
    }
    if measure {
        let what = format!(
            "Bytes of the echo server in memory for each of {n} connections \
             that have had one echo and say nothing more (the kernel's own \
             memory is not in it); the median of {rounds} rounds"
        );
        serving::print(&what, "idle", "bytes", None, &rows);
    }
}
