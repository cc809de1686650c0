//! One to eight workers on the machine's cores: processes, threads, and
//! Python's `ProcessPoolExecutor`, in the same run.
//!
//! The threads share no data and do not wait: their gain is the machine's
//! parallelism.
//!
//! Not by criterion: these are whole processes, which take turns.
//!
//! cargo bench -p ch02-processes --bench sweep

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use ch02_processes::primes::{check, is_prime};
use measure::{is_wanted, python};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");
const MOST: usize = 8;

fn main() -> io::Result<()> {
    let (jobs, n) = match is_wanted() {
        true => (24, 1_000_000_000_000_037),
        false => (4, 1_000_003),
    };
    let numbers = vec![n; jobs];
    let mut measured = measure::bench!("×");
    for _ in measured.rounds(3) {
        let mut alone = [None; 3];
        for workers in 1..=MOST {
            let took = [
                Some(threads(workers, &numbers)),
                Some(processes(workers, &numbers)?),
                executor(workers, jobs),
            ];
            let kinds = ["thread", "process", "executor"];
            for i in 0..kinds.len() {
                let Some(time) = took[i] else { continue };
                let base = *alone[i].get_or_insert(time);
                let key = format!("{}-{workers}", kinds[i]);
                let label = match i {
                    2 => format!("ProcessPoolExecutor({workers})"),
                    _ => format!("{workers} × {}", kinds[i]),
                };
                measured.add(&key, &label, base / time);
            }
        }
    }
    // By kind, and not in the order of the measuring.
    let order = |kind: &str| match kind.split('-').next() {
        Some("thread") => 0,
        Some("process") => 1,
        _ => 2,
    };
    measured.rows.sort_by_key(|row| order(&row.key));
    measured.print(&format!(
        "How many times as fast {jobs} prime tests are with N workers as with one of the kind"
    ));
    Ok(())
}

fn processes(workers: usize, numbers: &[u64]) -> io::Result<f64> {
    let started = Instant::now();
    let mut primes = 0;
    check(Path::new(PROGRAM), workers, numbers, |_| primes += 1)
        .map_err(io::Error::other)?;
    assert_eq!(primes, numbers.len());
    Ok(started.elapsed().as_secs_f64())
}

fn threads(workers: usize, numbers: &[u64]) -> f64 {
    let started = Instant::now();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(&n) =
                    numbers.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    assert!(is_prime(n));
                }
            });
        }
    });
    started.elapsed().as_secs_f64()
}

/// Returns Python's time for as many, smaller numbers; `None` without Python.
fn executor(workers: usize, jobs: usize) -> Option<f64> {
    let [workers, jobs] = [workers, jobs].map(|n| n.to_string());
    let printed = python(&["benches/executor.py", "primes", &workers, &jobs])?;
    Some(printed.trim().parse().expect("a time"))
}
