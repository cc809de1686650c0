//! Ten thousand idle HTTP connections: memory for each.
//!
//! Not by criterion, which knows times only.
//!
//! cargo bench -p ch05-servers --bench idle_web

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
    let n = if is_wanted() { 10_000 } else { 20 };
    let mut measured = measure::bench!("bytes");
    for _ in measured.rounds(3) {
        for held in holding::both(n, 20) {
            // Elsewhere than on Linux there is nothing to read.
            let bytes = held.bytes_each.unwrap_or_default();
            measured.add(held.key, held.label, bytes);
        }
    }
    measured.compare_with_first("bare hyper");
    measured.print(&format!(
        "Bytes of the server in memory for each of {n} keep-alive connections \
         that have had one answer and say nothing more (the kernel's own \
         memory is not in it)"
    ));
}
