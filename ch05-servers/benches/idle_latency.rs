//! One active client, alone and among ten thousand idle ones.
//!
//! Not by criterion: servers under load are processes, and take turns.
//!
//! cargo bench -p ch05-servers --bench idle_latency

#[path = "serving/idle.rs"]
mod holding;
mod serving;

use measure::is_wanted;
use serving::WAYS;

fn main() {
    let (n, questions) = if is_wanted() {
        (10_000, 2_000)
    } else {
        (20, 20)
    };
    let mut measured = measure::bench!("µs");
    for _ in measured.rounds(5) {
        for (key, label) in WAYS {
            let held = holding::hold(key, n, questions);
            let alone = (format!("{key}-alone"), format!("{label}: alone"));
            measured.add(&alone.0, &alone.1, held.before);
            let among = format!("{label}: among {n}");
            measured.add(key, &among, held.meanwhile);
        }
    }
    // Each pair with its first.
    measured.compare("alone", |i| i / 2 * 2);
    measured.print(&format!(
        "The median echo of one active client, alone and beside {n} idle \
         connections of the same server"
    ));
}
