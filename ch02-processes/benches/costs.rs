//! The cost of a process beside a thread's, and of a job of the pool beside a
//! job of Python's `ProcessPoolExecutor`.
//!
//! Not by criterion: these are whole processes, which take turns.
//!
//! cargo bench -p ch02-processes --bench costs

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ch02_processes::costs::{InProcess, InThread, start_to_answer};
use measure::{is_wanted, python};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

fn main() -> io::Result<()> {
    let (times, jobs) = if is_wanted() {
        (201, 20_000)
    } else {
        (11, 100)
    };
    let program = Path::new(PROGRAM);
    let mut measured = measure::bench!("µs");
    for _ in measured.rounds(5) {
        let time = start_to_answer(times, || Ok(InThread::start()))?;
        let label = "start a thread, to its answer";
        measured.add_time("start-thread", label, time);
        let time = start_to_answer(times, || InProcess::start(program))?;
        let label = "start a process, to its answer";
        measured.add_time("start-process", label, time);
        if let Some(time) = per_job(pool, jobs)? {
            measured.add_time("pool-job", "a job of `pool --workers 2`", time);
        }
        if let Some(time) = per_job(executor, jobs)? {
            let label = "a job of ProcessPoolExecutor(2)";
            measured.add_time("executor-job", label, time);
        }
    }
    // True on any machine, in any build.
    assert!(measured.ratio("start-process", "start-thread") > 1.0);
    measured.compare_with_first("starting a thread");
    measured.print(&format!(
        "Starting a thread or a process, and one job of {jobs} that compute \
         next to nothing"
    ));
    Ok(())
}

/// Returns the time that one more job takes, without the start.
fn per_job(
    run: fn(u32) -> io::Result<Option<Duration>>,
    jobs: u32,
) -> io::Result<Option<Duration>> {
    let (Some(one), Some(all)) = (run(1)?, run(jobs)?) else {
        return Ok(None);
    };
    Ok(Some(all.saturating_sub(one) / jobs))
}

fn pool(jobs: u32) -> io::Result<Option<Duration>> {
    let input: String = (0..jobs).map(|n| format!("{}\n", n % 100)).collect();
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(input.as_bytes())?;
    let path = file.path().display().to_string();
    let mut command = Command::new(PROGRAM);
    command.args(["pool", "--workers=2", &path]);
    let started = Instant::now();
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let status = quiet.status()?;
    let took = started.elapsed();
    if !status.success() {
        return Err(io::Error::other(status.to_string()));
    }
    Ok(Some(took))
}

fn executor(jobs: u32) -> io::Result<Option<Duration>> {
    let started = Instant::now();
    let jobs = jobs.to_string();
    let ran = python(&["benches/executor.py", "jobs", "2", &jobs]);
    Ok(ran.map(|_| started.elapsed()))
}
