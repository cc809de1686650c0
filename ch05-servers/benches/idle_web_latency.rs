//! One active HTTP client, alone and among ten thousand idle connections.
//!
//! cargo bench -p ch05-servers --bench idle_web_latency

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
    let (rounds, n, questions) = match measure {
        true => (5, 10_000, 2_000),
        false => (1, 20, 20),
    };
    let mut rows = vec![];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (i, held) in holding::both(n, questions).into_iter().enumerate() {
            if round == 1 {
                let (key, label) = (held.key, held.label);
                let alone = (format!("{key}-alone"), format!("{label}: alone"));
                rows.push(holding::row(alone.0, alone.1));
                let among = format!("{label}: among {n}");
                rows.push(holding::row(key.to_string(), among));
            }
            rows[2 * i].values.push(held.before);
            rows[2 * i + 1].values.push(held.meanwhile);
        }
    }
    for pair in rows.chunks_mut(2) {
        let ratios = pair[1].values.iter().zip(&pair[0].values);
        let ratios: Vec<f64> = ratios.map(|(b, a)| b / a).collect();
        pair[1].ratio = Some(median(&ratios));
    }
    if measure {
        let what = format!(
            "The median answer to one active client, alone and beside {n} idle \
             keep-alive connections of the same server; the median of {rounds} \
             rounds"
        );
        let alone = Some("alone");
        serving::print(&what, "idle_web_latency", "µs", alone, &rows);
    }
}
