//! A process pool that outlives its workers: a program for daily use.
//!
//! A worker may crash, hang or break the protocol. The pool starts another
//! worker, gives up the job, or ends; it prints a line for every job.
//!
//! cargo run -p ch02-processes -- pool --workers 4 --job-timeout 2 < numbers.txt

use std::error::Error;
use std::io::{BufReader, Cursor};
use std::process::ExitCode;

use clap::Parser;
use tour::{INTERRUPTED, parent};

pub mod cli;
pub mod faults;
pub mod group;
pub mod guard;
pub mod input;
pub mod process;
pub mod report;
pub mod team;
pub mod worker;

use cli::Cli;

/// Runs the section: without arguments the demo, otherwise the tool.
///
/// # Errors
///
/// The worker program cannot be started, or breaks the protocol: that ends the
/// whole run.
pub fn program(cli: Cli) -> Result<ExitCode, Box<dyn Error>> {
    if cli.worker {
        parent::required_by("--worker")?;
        worker::run();
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(crashed) = &cli.faulty_worker {
        parent::required_by("--faulty-worker")?;
        faults::worker(crashed);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(died) = &cli.mortal_worker {
        parent::required_by("--mortal-worker")?;
        faults::mortal_worker(died);
        return Ok(ExitCode::SUCCESS);
    }
    if cli.faults {
        return faults::demo();
    }
    if cli.guard {
        parent::required_by("--guard")?;
        guard::run();
        return Ok(ExitCode::SUCCESS);
    }
    if cli.is_empty() {
        return demo();
    }
    let lines = input::open(cli.file.as_deref())?;
    run(&cli, lines)
}

/// Checks twelve numbers with two workers; a fresh process replaces each worker
/// after every third job.
fn demo() -> Result<ExitCode, Box<dyn Error>> {
    let numbers: String = (90..102).map(|n| format!("{n}\n")).collect();
    let words = ["pool", "--workers=2", "--recycle=3"];
    let lines = BufReader::new(Cursor::new(numbers));
    run(&Cli::try_parse_from(words)?, Box::new(lines))
}

fn run(cli: &Cli, lines: input::Lines) -> Result<ExitCode, Box<dyn Error>> {
    let plan = team::Plan {
        command: cli.worker_words()?,
        workers: cli.workers()?,
        job_timeout: cli.job_timeout,
        recycle: cli.recycle,
    };
    run_plan(plan, lines, report::Report::new(cli.unordered))
}

fn run_plan(
    plan: team::Plan,
    lines: input::Lines,
    mut report: report::Report,
) -> Result<ExitCode, Box<dyn Error>> {
    let end = team::run(plan, lines, &mut report);
    report.summary();
    Ok(status(&end?, &report))
}

/// Returns the exit status of a run that has ended.
pub fn status(end: &team::End, report: &report::Report) -> ExitCode {
    match end {
        team::End::Done if report.failed == 0 => ExitCode::SUCCESS,
        team::End::Done => ExitCode::FAILURE,
        team::End::Interrupted => ExitCode::from(INTERRUPTED),
    }
}
