//! The downloader: one program, three ways to wait for many things.
//!
//! - [`sequential`], [`threads`] and [`concurrent`] are the three engines;
//! - [`fetch_blocking`] and [`fetch_async`] download one flag, for threads and
//!   for tasks: the two that differ because one of them is async;
//! - [`cli`], [`codes`], [`job`], [`client`], [`body`], [`names`], [`save`],
//!   [`error`], [`retry`], [`follow`] and [`report`] are shared;
//! - [`server`] and [`pictures`] are the other side of the line.
//!
//! cargo run -p ch04-async -- flags

use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use tokio_util::sync::CancellationToken;
use tour::interrupt::before_early_end;

use crate::interrupt::on_interrupt;

pub mod body;
pub mod cli;
pub mod client;
pub mod codes;
pub mod concurrent;
pub mod error;
pub mod fetch_async;
pub mod fetch_blocking;
pub mod follow;
pub mod job;
pub mod names;
pub mod pictures;
pub mod report;
pub mod retry;
pub mod save;
pub mod sequential;
pub mod server;
pub mod threads;

use cli::{Mode, Options};
use follow::End;
use job::{Events, Job};
use report::Tally;
use save::Folder;
use server::Server;

/// Runs the downloader with its command line; see `--help`.
///
/// The exit status is 0 if every flag was saved or is known not to exist, 1 if
/// there were errors, 2 for a wrong command line, 130 after Ctrl-C.
///
/// # Errors
///
/// When there can be no server or no engine, and when flags got lost between
/// them.
pub fn program(options: Options) -> Result<ExitCode, Box<dyn Error>> {
    if options.error_tree {
        error::print_tree();
        return Ok(ExitCode::SUCCESS);
    }

    let codes = options.codes();
    let wanted = codes.len();
    let connections = options.connections(wanted);
    report::announce(&codes, connections);
    let manners = options.manners();
    let server = match options.base_url {
        Some(_) => None,
        None => Some(Server::start(manners)?),
    };
    let ours = server.as_ref().map(Server::base_url);
    let job = Arc::new(Job {
        codes,
        base_url: options.base_url.or(ours).unwrap_or_default(),
        connections,
        timeout: options.timeout,
        connect_timeout: options.connect_timeout,
        retries: options.retries,
        max_bytes: options.max_bytes.get(),
        country_names: options.country_names,
        folder: Folder::new(options.dest),
    });
    let (stop, _listening) = on_interrupt();
    let _tidy_up = before_early_end(tidy_up(&job));

    let start = Instant::now();
    let tally = download(&job, options.mode, options.verbose, &stop)?;
    tally.print();
    if options.listing {
        let answers = start.elapsed().div_duration_f64(manners.delay);
        // The pace of a server that is not ours is not known.
        let answers = server.as_ref().map(|_| answers);
        print_listing(&job, answers)?;
    }
    eprint!("{:.2} s", start.elapsed().as_secs_f64());
    match server {
        Some(server) => {
            let peak = report::counted(server.peak(), "request");
            eprintln!(", {peak} in flight at most");
        }
        None => eprintln!(),
    }

    let missing = wanted - tally.total();
    if stop.is_cancelled() {
        eprintln!("interrupted: {missing} of {wanted} were not finished");
    }
    let status = status(missing, tally.failed(), stop.is_cancelled())?;
    Ok(ExitCode::from(status))
}

/// Prints the files of this job's flags, and how long they took: as long as how
/// many answers of the server, one after the other.
///
/// # Errors
///
/// The folder cannot be read.
fn print_listing(job: &Job, answers: Option<f64>) -> io::Result<()> {
    for name in job.folder.names(&job.codes, job.country_names)? {
        println!("{name}");
    }
    // A server without a delay has no pace either.
    if let Some(answers) = answers.filter(|answers| answers.is_finite()) {
        println!("took as long as {answers:.1} answers");
    }
    Ok(())
}

/// Returns what removes half-written flags when the process ends early: at a
/// second Ctrl-C, or because its output is closed.
fn tidy_up(job: &Arc<Job>) -> impl Fn() + Send + 'static {
    let job = Arc::clone(job);
    move || job.folder.close_in_passing()
}

/// Returns the exit status of a download.
///
/// Saved, not found, failed: each flag is exactly one of the three.
/// Only Ctrl-C may leave some out, or a fault of this program.
fn status(
    missing: usize,
    failed: usize,
    interrupted: bool,
) -> Result<u8, String> {
    match (missing, failed) {
        _ if interrupted => Ok(130),
        (0, 0) => Ok(0),
        (0, _) => Ok(1),
        _ => Err(format!("{missing} flags are unaccounted for")),
    }
}

/// Does a job with one of the engines while this thread reports.
///
/// # Errors
///
/// When the engine cannot begin.
pub fn download(
    job: &Arc<Job>,
    mode: Mode,
    verbose: bool,
    stop: &CancellationToken,
) -> Result<Tally, Box<dyn Error>> {
    let run = match mode {
        Mode::Sequential => sequential::run,
        Mode::Threads => threads::run,
        Mode::Async => concurrent::run,
    };
    let (sender, events) = mpsc::channel();
    let engine = {
        let (job, stop) = (Arc::clone(job), stop.clone());
        thread::Builder::new()
            .name("engine".to_string())
            .spawn(move || run(job, Events(sender), stop))?
    };
    let (tally, end) = follow::follow(&events, job, verbose, stop);
    // After Ctrl-C a thread may still wait for a server, and with it the engine
    // for its thread. They are not waited for: they end with the process.
    if end == End::Through {
        match engine.join() {
            Ok(Ok(())) => {}
            Ok(Err(err)) => return Err(err),
            // Its message is on stderr already; the flags will be missed.
            Err(_panic) => {}
        }
    }
    job.folder.close();
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::status;

    /// Counts lines of code: no comments, no tests, nothing empty.
    fn lines(files: &[&str]) -> usize {
        let code = |file: &&str| {
            file.lines()
                .take_while(|line| *line != "#[cfg(test)]")
                .map(str::trim)
                .filter(|line| !line.is_empty() && !line.starts_with("//"))
                .count()
        };
        files.iter().map(code).sum()
    }

    #[test]
    fn more_than_twice_as_much_is_shared_as_differs_by_the_way_of_waiting() {
        let shared = lines(&[
            include_str!("body.rs"),
            include_str!("cli.rs"),
            include_str!("client.rs"),
            include_str!("codes.rs"),
            include_str!("error.rs"),
            include_str!("follow.rs"),
            include_str!("job.rs"),
            include_str!("names.rs"),
            include_str!("report.rs"),
            include_str!("retry.rs"),
            include_str!("save.rs"),
        ]);
        let differing = lines(&[
            include_str!("fetch_async.rs"),
            include_str!("fetch_blocking.rs"),
            include_str!("concurrent.rs"),
            include_str!("threads.rs"),
            include_str!("sequential.rs"),
        ]);
        assert!(shared > 2 * differing, "{shared}, {differing}");
    }

    #[test]
    fn a_flag_that_got_lost_is_an_error_of_the_program() {
        assert_eq!(status(0, 0, false), Ok(0));
        assert_eq!(status(0, 3, false), Ok(1));
        assert!(status(1, 0, false).is_err());
        assert!(status(1, 3, false).is_err());
        assert_eq!(status(1, 3, true), Ok(130));
    }
}
