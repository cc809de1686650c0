//! A pool that outlives its workers: the tool that one would use.
//!
//! A worker may die, hang or talk nonsense. The pool starts another, gives up
//! on the job, or on the program, and in the end has a line for every job.
//!
//! cargo run -p ch02-processes -- pool --workers 4 --job-timeout 2 < numbers.txt

use std::error::Error;
use std::io::{self, BufReader, Cursor};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

pub mod cli;
pub mod group;
pub mod guard;
pub mod input;
pub mod process;
pub mod report;
pub mod team;
pub mod worker;

use cli::Cli;

/// The exit status of whoever was interrupted.
const INTERRUPTED: u8 = 130;

/// Runs the section: without arguments a demo, with some the tool.
///
/// # Errors
///
/// What ends the whole run: a worker program that cannot be started, or that
/// does not speak the protocol.
pub fn program(args: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    if args.is_empty() {
        return demo();
    }
    // The first word is the program's name, for the usage line.
    let name = Cli::NAME.to_string();
    let cli = match Cli::try_parse_from([&name].into_iter().chain(args)) {
        Ok(cli) => cli,
        Err(err) => return Ok(refuse(&err)),
    };
    if cli.worker || cli.guard {
        if io::IsTerminal::is_terminal(&io::stdin()) {
            let what = match cli.guard {
                true => {
                    "`--guard` is a process of the pool: it reads process \
                     groups from a pipe, and stdin is a terminal"
                }
                false => {
                    "`--worker` is a worker process of the pool: it reads \
                     frames from a pipe, and stdin is a terminal"
                }
            };
            let err =
                Cli::command().error(ErrorKind::MissingRequiredArgument, what);
            return Ok(refuse(&err));
        }
        match cli.guard {
            true => guard::run(),
            false => worker::run(),
        }
        return Ok(ExitCode::SUCCESS);
    }
    let lines = input::open(cli.file.as_deref())?;
    run(&cli, lines)
}

/// Checks twelve numbers with two workers, each of which is replaced by a fresh
/// one after every third job.
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
    let mut report = report::Report::new(cli.unordered);
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

/// Shows what clap has to say: help on stdout, errors on stderr.
pub fn refuse(err: &clap::Error) -> ExitCode {
    if err.use_stderr() {
        // Nobody can be told that telling failed.
        err.print().ok();
    } else {
        // By `println!`, for which the tour knows what a closed pipe means.
        print!("{err}");
    }
    let status = u8::try_from(err.exit_code()).unwrap_or(u8::MAX);
    ExitCode::from(status)
}
