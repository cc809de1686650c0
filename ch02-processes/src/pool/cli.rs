//! The pool's command line, which is also where its protocol is documented.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use clap::Parser;

/// Hands lines to worker processes and prints their answers
#[derive(Parser, Debug, Default, PartialEq)]
#[command(after_help = "\
Each line of the input is a job; its number is the job's id. Answers go to
stdout, in the order of the lines; what failed goes to stderr with its line's
number. A worker that dies is replaced and its job tried once more; one that
takes too long is killed, and its job is not tried again. Whatever a worker has
started and left in its process group is killed when the worker ends.

A byte order mark before the first line is skipped. Control characters of jobs
and answers are printed escaped, \\n or \\u{1b}, but for the tab: each answer is
one line.

A worker program of your own reads frames from stdin, each a line of JSON:
    {\"job\":{\"id\":1,\"input\":\"97\"}}
and writes one line to stdout for each, before it reads the next:
    {\"done\":{\"id\":1,\"output\":\"97 is prime\"}}
    {\"failed\":{\"id\":1,\"error\":\"not a number\"}}
It ends when its stdin ends. Its stderr is the pool's. No frame is longer than
16 MiB.

Exit status: 0 all jobs done, 1 some failed, 2 usage, 130 interrupted. SIGTERM
and SIGHUP end it like Ctrl-C, and by the signal. However the pool ends, its
workers end with it, whatever they are doing.")]
pub struct Cli {
    /// Read jobs from this file, or from stdin (-) [default: -]
    pub file: Option<PathBuf>,
    /// How many worker processes, 1 to 256 [default: one for each core]
    #[arg(long, short, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: Option<u16>,
    /// Kill a worker that takes longer than this for one job
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true,
          value_parser = seconds)]
    pub job_timeout: Option<Duration>,
    /// Replace a worker after this many jobs
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u64).range(1..))]
    pub recycle: Option<u64>,
    /// Print answers as they arrive, not in the order of the lines
    #[arg(long)]
    pub unordered: bool,
    /// The workers' program and its arguments, separated by blanks
    /// [default: this program, which tests primes]
    #[arg(long, value_name = "COMMAND")]
    worker_cmd: Option<String>,
    /// Run jobs that make their workers crash or hang
    #[arg(long, exclusive = true)]
    pub faults: bool,
    /// Be a worker: read jobs from stdin, in frames
    #[arg(long, exclusive = true)]
    pub worker: bool,
    /// Be a worker that crashes and hangs; FILE exists once one has crashed
    #[arg(long, exclusive = true, hide = true, value_name = "FILE")]
    pub faulty_worker: Option<PathBuf>,
    /// Be a worker that crashes at its first job, unless FILE exists
    #[arg(long, exclusive = true, hide = true, value_name = "FILE")]
    pub mortal_worker: Option<PathBuf>,
    /// Be the guard: kill the workers once the pool has ended
    #[arg(long, exclusive = true, hide = true)]
    pub guard: bool,
}

impl Cli {
    /// Says whether the user gave no option.
    pub fn is_empty(&self) -> bool {
        *self == Cli::default()
    }

    /// Returns the number of workers to start.
    ///
    /// # Errors
    ///
    /// The system does not say how many cores it has.
    pub fn workers(&self) -> io::Result<u16> {
        match self.workers {
            Some(n) => Ok(n),
            None => {
                let cores = thread::available_parallelism()?.get();
                Ok(u16::try_from(cores).unwrap_or(256).min(256))
            }
        }
    }

    /// Returns the words that start a worker.
    ///
    /// # Errors
    ///
    /// The system does not say where this program is.
    pub fn worker_words(&self) -> io::Result<Vec<OsString>> {
        if let Some(words) = &self.worker_cmd {
            return Ok(words.split_whitespace().map(OsString::from).collect());
        }
        own_worker()
    }
}

/// Returns the words that start this program as a worker.
///
/// # Errors
///
/// The system does not say where this program is.
pub fn own_worker() -> io::Result<Vec<OsString>> {
    // An `OsString`, because a path need not be UTF-8.
    let program = env::current_exe()?.into_os_string();
    Ok(vec![program, "pool".into(), "--worker".into()])
}

/// Returns the command that starts a worker.
pub fn prepare(words: &[OsString]) -> Command {
    let program = words.first().cloned().unwrap_or_default();
    let mut command = Command::new(program);
    command.args(words.iter().skip(1));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    // A process group of its own: Ctrl-C at a terminal reaches the pool only,
    // which ends the workers, and every process that they have started.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    match Duration::try_from_secs_f64(seconds) {
        // A year: a longer limit is a mistake.
        Ok(time) if !time.is_zero() && seconds <= 31_536_000.0 => Ok(time),
        _ => Err("not between 0 and a year, in seconds".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_make_no_sense_are_refused_with_their_option() {
        for wrong in [
            "--workers=0",
            "--workers=100000",
            "--job-timeout=nan",
            "--job-timeout=0",
            "--job-timeout=-1",
            "--job-timeout=1e300",
            "--recycle=0",
            "--workers=999999999999999999999999999999",
        ] {
            let err = Cli::try_parse_from(["pool", wrong]).unwrap_err();
            let option = wrong.split('=').next().unwrap();
            assert_eq!(err.exit_code(), 2);
            assert!(err.to_string().contains(option), "{err}");
        }
    }
}
