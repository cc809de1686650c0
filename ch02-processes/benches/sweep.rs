//! One to eight workers on the machine's cores: processes, threads, and
//! Python's `ProcessPoolExecutor`, in the same run.
//!
//! The threads share nothing and wait for nothing: what they gain is what the
//! machine has to give.
//!
//! cargo bench -p ch02-processes --bench sweep

mod record;

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use ch02_processes::primes::{check, is_prime};
use record::Row;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");
const MOST: usize = 8;
const EXECUTOR: &str = "\
import sys, time
from concurrent.futures import ProcessPoolExecutor
def is_prime(n):
    return all(n % i for i in range(3, int(n ** 0.5) + 1, 2))
if __name__ == '__main__':
    numbers = [1_000_036_000_099] * int(sys.argv[2])
    with ProcessPoolExecutor(int(sys.argv[1])) as pool:
        list(pool.map(is_prime, [9] * 32))
        started = time.perf_counter()
        list(pool.map(is_prime, numbers))
        print(time.perf_counter() - started)
";

fn main() -> io::Result<()> {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (rounds, jobs, n) = if measure {
        (3, 24, 1_000_000_000_000_037)
    } else {
        (1, 4, 1_000_003)
    };
    let numbers = vec![n; jobs];
    let mut rows: Vec<Row> = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let mut alone = [None; 3];
        for workers in 1..=MOST {
            let took = [
                Some(processes(workers, &numbers)?),
                Some(threads(workers, &numbers)),
                executor(workers, jobs),
            ];
            let kinds = ["process", "thread", "executor"];
            for i in 0..kinds.len() {
                let Some(time) = took[i] else { continue };
                let base = *alone[i].get_or_insert(time);
                let key = format!("{}-{workers}", kinds[i]);
                let label = match i {
                    2 => format!("ProcessPoolExecutor({workers})"),
                    _ => format!("{workers} × {}", kinds[i]),
                };
                record::add(&mut rows, &key, &label, base / time);
            }
        }
    }
    if measure {
        let what = format!(
            "How many times as fast {jobs} prime tests are with so many \
             workers as with one of the kind; the median of {rounds} rounds"
        );
        // By kind, and not in the order of the measuring.
        let order = |row: &Row| match row.key.split('-').next() {
            Some("thread") => 0,
            Some("process") => 1,
            _ => 2,
        };
        rows.sort_by_key(order);
        record::print(&what, "sweep", "×", None, &rows);
    } else {
        assert!(rows.iter().all(|row| record::ratio(row, row) == 1.0));
    }
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
    let mut file = tempfile::Builder::new().suffix(".py").tempfile().ok()?;
    file.write_all(EXECUTOR.as_bytes()).ok()?;
    let output = Command::new("python3")
        .arg(file.path())
        .args([workers.to_string(), jobs.to_string()])
        .output()
        .ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
