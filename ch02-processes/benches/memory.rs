//! What a worker process keeps in memory, ours and Python's.
//!
//! cargo bench -p ch02-processes --bench memory

mod record;

use std::env;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use ch02_processes::costs::{Echo, InProcess};
use record::Row;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");
const WORKERS: usize = 8;
const EXECUTOR: &str = "\
import sys
from multiprocessing import Pool
if __name__ == '__main__':
    with Pool(int(sys.argv[1])) as pool:
        pool.map(abs, range(100))
        print(*(p.pid for p in pool._pool), flush=True)
        sys.stdin.read()
";

fn main() -> io::Result<()> {
    let measure = env::args().any(|arg| arg == "--bench");
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        let mut worker = InProcess::start(Path::new(PROGRAM))?;
        worker.echo("awake".to_string())?;
        workers.push(worker);
    }
    let mut rows: Vec<Row> = Vec::new();
    for worker in &workers {
        weigh(&mut rows, "worker", "a worker of ours", worker.id());
    }
    // Without Python its rows are missing.
    let _ = python(&mut rows);
    if measure && !rows.is_empty() {
        let what = format!(
            "Memory of each of {WORKERS} idle worker processes that have \
             answered once. Resident: what it sees. Its share: pages that \
             several see are divided by their number"
        );
        record::print(&what, "memory", "MB", Some("worker-resident"), &rows);
    }
    Ok(())
}

fn python(rows: &mut Vec<Row>) -> io::Result<()> {
    let mut file = tempfile::Builder::new().suffix(".py").tempfile()?;
    file.write_all(EXECUTOR.as_bytes())?;
    let mut pool = Command::new("python3")
        .arg(file.path())
        .arg(WORKERS.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut ids = String::new();
    if let Some(stdout) = &mut pool.stdout {
        // Its line; the end comes when the pool is gone.
        let mut byte = [0];
        while stdout.read(&mut byte)? == 1 && byte != *b"\n" {
            ids.push(char::from(byte[0]));
        }
    }
    for id in ids.split(' ').filter_map(|id| id.parse().ok()) {
        weigh(rows, "python", "a worker of multiprocessing.Pool", id);
    }
    drop(pool.stdin.take());
    pool.wait()?;
    Ok(())
}

/// Adds what Linux says of a process; elsewhere nothing.
fn weigh(rows: &mut Vec<Row>, key: &str, label: &str, id: u32) {
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
        record::add(rows, &key, &label, kb / 1000.0);
    }
}
