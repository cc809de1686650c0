//! What a thread that waits costs in memory.
//!
//! Linux only: elsewhere it says so and measures nothing.
//!
//! cargo bench -p ch01-threads --bench threads

mod record;

use std::fs;
use std::sync::{Arc, Barrier};
use std::thread;

use record::Row;

fn main() {
    let (threads, rounds) = if record::is_wanted() {
        (1000, 9)
    } else {
        (50, 1)
    };
    let mut rows = [
        Row::new("rss", "resident: what it has touched"),
        Row::new("virtual", "virtual: what it may touch"),
    ];
    for _ in 0..rounds {
        let (Some(rss), Some(all)) = (status("VmRSS"), status("VmSize")) else {
            eprintln!("there is no /proc/self/status here");
            return;
        };
        // Once to be all there, once to leave.
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
        rows[0].push(each("VmRSS", rss));
        rows[1].push(each("VmSize", all));
        met.wait();
        for thread in idle {
            thread.join().expect("waiting does not panic");
        }
    }
    if record::is_wanted() {
        let what = format!(
            "Memory for each of {threads} threads that wait, beside what the \
             kernel keeps; the median of {rounds} rounds, of which the first \
             alone pays for what later ones use again"
        );
        record::print(&what, "threads", "KiB", None, &rows);
    } else {
        assert!(rows[0].ratio(&rows[1]) < 1.0, "less is used than is there");
    }
}

/// Returns a line of the process's status, in KiB.
fn status(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
