//! A task queue between machines: the same jobs and workers, and a broker.
//!
//! A pool's queue ends with its process. A broker (NATS with JetStream) keeps a
//! job until it is done, though a worker, the submitter or the broker dies.
//!
//! cargo run -p ch02-processes -- queue

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::io::{BufReader, Cursor};
use std::process::ExitCode;
use std::thread;

#[cfg(feature = "nats")]
pub mod broker;
pub mod cli;
#[cfg(feature = "nats")]
pub mod publish;
#[cfg(feature = "nats")]
pub mod submit;
#[cfg(feature = "nats")]
pub mod work;

#[cfg(feature = "nats")]
use tour::interrupt::Listening;

use crate::pool::cli::own_worker;
use crate::pool::input::{self, Lines};
use crate::pool::report::Report;
use crate::pool::status;
use crate::pool::team::{self, End};
use cli::Cli;

/// Any error that may move to another thread, as the client's errors may.
type SendError = Box<dyn Error + Send + Sync>;

/// Runs the section: a submitter, or a worker.
///
/// # Errors
///
/// The file or the broker does not exist: that ends the whole run.
pub fn program(cli: Cli) -> Result<ExitCode, Box<dyn Error>> {
    if cli.is_empty() {
        return demo();
    }
    let lines = match cli.worker {
        true => Box::new(std::io::empty()),
        false => input::open(cli.file.as_deref())?,
    };
    let mut report = Report::new(cli.unordered);
    match &cli.broker {
        None => {
            let end = in_process(own_worker()?, lines, &mut report);
            report.summary();
            Ok(status(&end?, &report))
        }
        Some(url) => {
            let status = with_broker(&cli, url, lines, report);
            Ok(status.map_err(|err| -> Box<dyn Error> { err })?)
        }
    }
}

/// Runs nine jobs, and the first worker dies with a job in hand.
fn demo() -> Result<ExitCode, Box<dyn Error>> {
    // Of Mersenne's candidates up to 31, one was refuted in 1536.
    let exponents = [2, 3, 5, 7, 11, 13, 17, 19, 31];
    let numbers = exponents.map(|p| format!("{}\n", (1_u64 << p) - 1));
    let lines = Box::new(BufReader::new(Cursor::new(numbers.concat())));
    let folder = tempfile::tempdir()?;
    let died = folder.path().join("died").into_os_string();
    let program = env::current_exe()?.into_os_string();
    let command = vec![program, "pool".into(), "--mortal-worker".into(), died];
    let mut report = Report::new(false);
    let end = in_process(command, lines, &mut report)?;
    report.flush();
    println!(
        "workers that died with a job in hand: {}",
        report.count("died")
    );
    println!("{} answers to {} jobs", report.done, exponents.len());
    report.summary();
    Ok(status(&end, &report))
}

/// Runs jobs with the queue in this process, and workers beside it.
fn in_process(
    command: Vec<OsString>,
    lines: Lines,
    report: &mut Report,
) -> Result<End, String> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let plan = team::Plan {
        command,
        workers: u16::try_from(cores).unwrap_or(u16::MAX),
        job_timeout: None,
        recycle: None,
    };
    team::run(plan, lines, report)
}

/// Runs one side of a queue that others can reach.
///
/// One thread is enough: waiting for messages takes no processor. What `async`
/// and `tokio` are is the subject of chapter 4.
#[cfg(feature = "nats")]
#[tokio::main(flavor = "current_thread")]
async fn with_broker(
    cli: &Cli,
    url: &str,
    lines: Lines,
    mut report: Report,
) -> Result<ExitCode, SendError> {
    let broker = broker::Broker::connect(url).await?;
    if cli.worker {
        let done = work::run(&broker).await?;
        eprintln!("{done} jobs done");
        // A worker runs until a signal stops it: that is not a failure.
        return Ok(ExitCode::SUCCESS);
    }
    let end = submit::run(&broker, lines, &mut report).await;
    report.summary();
    Ok(status(&end?, &report))
}

/// Returns a future that ends with the next signal while the guard lives.
#[cfg(feature = "nats")]
fn interrupted(
    listen: fn(Box<dyn FnOnce() + Send>) -> Listening,
) -> (tokio::sync::oneshot::Receiver<()>, Listening) {
    let (tx, rx) = tokio::sync::oneshot::channel();
    // A receiver that is gone needs no end.
    let tell = move || tx.send(()).unwrap_or(());
    (rx, listen(Box::new(tell)))
}

#[cfg(not(feature = "nats"))]
fn with_broker(
    _: &Cli,
    _: &str,
    _: Lines,
    _: Report,
) -> Result<ExitCode, SendError> {
    eprintln!(
        "error: `--broker` needs a feature: cargo run -p ch02-processes \
         --features nats -- queue …"
    );
    Ok(ExitCode::from(2))
}
