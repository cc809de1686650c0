//! What a process costs beside a thread, and a job of the pool beside one of
//! Python's `ProcessPoolExecutor`.
//!
//! cargo bench -p ch02-processes --bench costs

mod record;

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ch02_processes::costs::{InProcess, InThread, start_to_answer};
use record::Row;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");
const EXECUTOR: &str = "\
import sys
from concurrent.futures import ProcessPoolExecutor
def work(n): return n + 1
if __name__ == '__main__':
    with ProcessPoolExecutor(2) as pool:
        for _ in pool.map(work, range(int(sys.argv[1]))): pass
";

fn main() -> io::Result<()> {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (rounds, times, jobs) = if measure {
        (5, 201, 20_000)
    } else {
        (1, 11, 100)
    };
    let program = Path::new(PROGRAM);
    let mut rows: Vec<Row> = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let mut add = |key: &str, label: &str, time: Duration| {
            record::add(&mut rows, key, label, time.as_secs_f64() * 1e6);
        };
        let time = start_to_answer(times, || Ok(InThread::start()))?;
        add("start-thread", "start a thread, to its answer", time);
        let time = start_to_answer(times, || InProcess::start(program))?;
        add("start-process", "start a process, to its answer", time);
        add(
            "pool-job",
            "a job of `pool --workers 2`",
            per_job(pool, jobs)?,
        );
        if let Ok(time) = per_job(executor, jobs) {
            let label = "a job of ProcessPoolExecutor(2)";
            add("executor-job", label, time);
        }
    }
    if measure {
        let what = format!(
            "Starting a thread or a process, and one job of {jobs} that compute next to nothing; the median \
             of {rounds} rounds"
        );
        record::print(&what, "costs", "µs", Some("start-thread"), &rows);
    } else {
        // True on any machine, in any build.
        assert!(record::ratio(&rows[1], &rows[0]) > 1.0, "a start");
    }
    Ok(())
}

/// Returns the time that one more job takes: starting up is not part of it.
fn per_job(
    run: fn(u32) -> io::Result<Duration>,
    jobs: u32,
) -> io::Result<Duration> {
    let none = run(1)?;
    Ok(run(jobs)?.saturating_sub(none) / jobs)
}

fn pool(jobs: u32) -> io::Result<Duration> {
    let input: String = (0..jobs).map(|n| format!("{}\n", n % 100)).collect();
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(input.as_bytes())?;
    let path = file.path().display().to_string();
    timed(Command::new(PROGRAM).args(["pool", "--workers=2", &path]))
}

fn executor(jobs: u32) -> io::Result<Duration> {
    let mut file = tempfile::Builder::new().suffix(".py").tempfile()?;
    file.write_all(EXECUTOR.as_bytes())?;
    timed(
        Command::new("python3")
            .arg(file.path())
            .arg(jobs.to_string()),
    )
}

fn timed(command: &mut Command) -> io::Result<Duration> {
    let started = Instant::now();
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let status = quiet.status()?;
    let failed = || io::Error::other(status.to_string());
    status
        .success()
        .then(|| started.elapsed())
        .ok_or_else(failed)
}
