//! The memory of a thread that waits.
//!
//! Not by criterion, which knows times only. Linux only: elsewhere it says so
//! and measures nothing.
//!
//! cargo bench -p ch01-threads --bench threads

use std::fs;
use std::sync::{Arc, Barrier};
use std::thread;

use measure::is_wanted;

fn main() {
    let threads = if is_wanted() { 1000 } else { 50 };
    let mut measured = measure::bench!("KiB");
    for _ in measured.rounds(9) {
        let (Some(rss), Some(all)) = (status("VmRSS"), status("VmSize")) else {
            eprintln!("there is no /proc/self/status here");
            return;
        };
        // Once when all threads exist, once before they end.
        let met = Arc::new(Barrier::new(threads + 1));
        let idle: Vec<_> = (0..threads)
            .map(|_| {
                let met = Arc::clone(&met);
                thread::spawn(move || {
                    met.wait();
                    met.wait();
                })
            })
            .collect();
        met.wait();
        let each = |name: &str, before: f64| {
            let after = status(name).unwrap_or(before);
            (after - before) / threads as f64
        };
        let touched = each("VmRSS", rss);
        measured.add("rss", "resident: what it has touched", touched);
        let reserved = each("VmSize", all);
        measured.add("virtual", "virtual: what it may touch", reserved);
        met.wait();
        for thread in idle {
            thread.join().expect("waiting does not panic");
        }
    }
    let used = measured.ratio("rss", "virtual");
    assert!(used < 1.0, "less is used than is there");
    measured.print(&format!(
        "Memory for each of {threads} threads that wait, beside what the \
         kernel keeps, where the first round alone pays for what later ones \
         use again"
    ));
}

/// Returns a line of the process's status, in KiB.
fn status(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
