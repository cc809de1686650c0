//! One active HTTP client, alone and among ten thousand idle connections.
//!
//! Not by criterion: servers under load are processes, and take turns.
//!
//! cargo bench -p ch05-servers --bench idle_web_latency

#[path = "serving/idle_web.rs"]
mod holding;
#[path = "serving/peers.rs"]
mod peers;
mod serving;

use measure::is_wanted;

fn main() {
    if std::env::args().any(|arg| arg == peers::HYPER) {
        return peers::hyper();
    }
    let (n, questions) = if is_wanted() {
        (10_000, 2_000)
    } else {
        (20, 20)
    };
    let mut measured = measure::bench!("µs");
    for _ in measured.rounds(5) {
        for held in holding::both(n, questions) {
            let (key, label) = (held.key, held.label);
            let alone = (format!("{key}-alone"), format!("{label}: alone"));
            measured.add(&alone.0, &alone.1, held.before);
            let among = format!("{label}: among {n}");
            measured.add(key, &among, held.meanwhile);
        }
    }
    // Each pair with its first.
    measured.compare("alone", |i| i / 2 * 2);
    measured.print(&format!(
        "The median answer to one active client, alone and beside {n} idle \
         keep-alive connections of the same server"
    ));
}
