//! Ten thousand idle connections: memory for each.
//!
//! Not by criterion, which knows times only.
//!
//! cargo bench -p ch05-servers --bench idle

#[path = "serving/idle.rs"]
mod holding;
mod serving;

use measure::is_wanted;
use serving::WAYS;

fn main() {
    let n = if is_wanted() { 10_000 } else { 20 };
    let mut measured = measure::bench!("bytes");
    for _ in measured.rounds(3) {
        for (key, label) in WAYS {
            let held = holding::hold(key, n, 20);
            // Elsewhere than on Linux there is nothing to read.
            measured.add(key, label, held.bytes_each.unwrap_or_default());
        }
    }
    measured.print(&format!(
        "Bytes of the echo server in memory for each of {n} connections that \
         have had one echo and say nothing more (the kernel's own memory is \
         not in it)"
    ));
}
