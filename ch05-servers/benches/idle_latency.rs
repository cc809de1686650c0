//! One active client, alone and among ten thousand idle ones.
//!
//! cargo bench -p ch05-servers --bench idle_latency

#[path = "serving/idle.rs"]
mod holding;
mod serving;

use serving::{Row, WAYS, median};

fn main() {
    let measure = std::env::args().any(|arg| arg == "--bench");
    let (rounds, n, questions) = match measure {
        true => (5, 10_000, 2_000),
        false => (1, 20, 20),
    };
    let mut rows = vec![];
    for (key, label) in WAYS {
        let row = |key: String, label: String| Row {
            key,
            label,
            values: vec![],
            ratio: None,
        };
        rows.push(row(format!("{key}-alone"), format!("{label}: alone")));
        rows.push(row(key.to_string(), format!("{label}: among {n}")));
    }
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (pair, (way, _)) in rows.chunks_mut(2).zip(WAYS) {
            let held = holding::hold(way, n, questions);
            pair[0].values.push(held.before);
            pair[1].values.push(held.meanwhile);
        }
    }
    for pair in rows.chunks_mut(2) {
        let ratios = pair[1].values.iter().zip(&pair[0].values);
        let ratios: Vec<f64> = ratios.map(|(b, a)| b / a).collect();
        pair[1].ratio = Some(median(&ratios));
    }
    if measure {
        let what = format!(
            "The median echo of one active client, alone and beside {n} idle \
             connections of the same server; the median of {rounds} rounds"
        );
        serving::print(&what, "idle_latency", "µs", Some("alone"), &rows);
    }
}
