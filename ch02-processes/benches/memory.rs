//! The memory of a worker process, in Rust and in Python.
//!
//! Not by criterion, which knows times only.
//!
//! cargo bench -p ch02-processes --bench memory

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use ch02_processes::costs::{Echo, InProcess};
use measure::Measurement;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");
const WORKERS: usize = 8;
const POOL: &str = "\
import sys
from multiprocessing import Pool
if __name__ == '__main__':
    with Pool(int(sys.argv[1])) as pool:
        pool.map(abs, range(100))
        print(*(p.pid for p in pool._pool), flush=True)
        sys.stdin.read()
";

fn main() -> io::Result<()> {
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        let mut worker = InProcess::start(Path::new(PROGRAM))?;
        worker.echo("awake".to_string())?;
        workers.push(worker);
    }
    let mut measured = measure::bench!("MB");
    for worker in &workers {
        weigh(&mut measured, "worker", "a worker of ours", worker.id());
    }
    python(&mut measured)?;
    if measured.rows.is_empty() {
        eprintln!("there is no /proc here: nothing can be weighed");
        return Ok(());
    }
    measured.compare_with_first("what our worker sees");
    measured.print(&format!(
        "Memory of each of {WORKERS} idle worker processes that have answered \
         once. Resident: what it sees. Its share: pages that several see are \
         divided by their number"
    ));
    Ok(())
}

/// Adds the workers of a pool of Python's, which live as long as the pool.
fn python(measured: &mut Measurement) -> io::Result<()> {
    let mut file = tempfile::Builder::new().suffix(".py").tempfile()?;
    file.write_all(POOL.as_bytes())?;
    let started = Command::new("python3")
        .arg(file.path())
        .arg(WORKERS.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut pool = match started {
        Err(err) if err.kind() == io::ErrorKind::NotFound => {
            eprintln!("skipped: the rows of CPython; no python3");
            return Ok(());
        }
        started => started?,
    };
    let mut ids = String::new();
    if let Some(stdout) = pool.stdout.take() {
        BufReader::new(stdout).read_line(&mut ids)?;
    }
    for id in ids.split_whitespace().filter_map(|id| id.parse().ok()) {
        weigh(measured, "python", "a worker of multiprocessing.Pool", id);
    }
    drop(pool.stdin.take());
    pool.wait()?;
    Ok(())
}

/// Adds a process's figures on Linux; elsewhere none.
fn weigh(measured: &mut Measurement, key: &str, label: &str, id: u32) {
    let path = format!("/proc/{id}/smaps_rollup");
    let report = fs::read_to_string(path).unwrap_or_default();
    for (name, suffix, what) in [
        ("Rss:", "resident", "resident"),
        ("Pss:", "share", "its share"),
    ] {
        let line = report.lines().find_map(|line| line.strip_prefix(name));
        let kb = line.and_then(|l| l.trim().strip_suffix(" kB")?.parse().ok());
        let Some(kb): Option<f64> = kb else { continue };
        let (key, label) =
            (format!("{key}-{suffix}"), format!("{label}, {what}"));
        measured.add(&key, &label, kb / 1000.0);
    }
}
