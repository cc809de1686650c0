//! Jobs that make their worker crash or hang, and the pool's reaction.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Cursor};
use std::path::Path;
use std::process::{self, ExitCode};
use std::thread;
use std::time::Duration;

use super::report::Report;
use super::team::Plan;
use super::{run_plan, worker};
use crate::framing::{Reply, Request, receive, send};

/// The exit status of a worker that crashes.
const CRASHED: i32 = 3;
/// Longer than the pool's time limit.
const HANGS: Duration = Duration::from_secs(600);

/// One worker; `crash once` costs it one process, `crash always` two.
const JOBS: [&str; 6] = ["7", "crash once", "8", "crash always", "hang", "9"];

/// Runs six jobs, of which three make their worker crash or hang.
///
/// # Errors
///
/// Any I/O error.
pub fn demo() -> Result<ExitCode, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let crashed = folder.path().join("crashed");
    let program = env::current_exe()?.into_os_string();
    let command = vec![
        program,
        "pool".into(),
        "--faulty-worker".into(),
        crashed.into(),
    ];
    let plan = Plan {
        command,
        workers: 1,
        job_timeout: Some(Duration::from_secs(1)),
        recycle: None,
    };
    let lines = BufReader::new(Cursor::new(JOBS.join("\n")));
    run_plan(plan, Box::new(lines), Report::new(false))
}

/// Is the normal worker, except in the first process: it crashes at its first
/// job and creates the file `died`.
pub fn mortal_worker(died: &Path) {
    if File::create_new(died).is_err() {
        return worker::run();
    }
    // Crashes once it has a job, whichever job it is.
    receive::<Request>(&mut io::stdin().lock()).ok();
    process::exit(CRASHED);
}

/// Answers jobs, and crashes or hangs where a job says so.
///
/// The file `crashed` exists once a worker has crashed at `crash once`.
pub fn worker(crashed: &Path) {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    // As in the normal worker: only the pool could use the error, and the pool
    // sees this process end.
    while let Ok(Some(Request::Job { id, input })) = receive(&mut stdin) {
        let reply = match input.as_str() {
            "crash always" => process::exit(CRASHED),
            "crash once" if File::create_new(crashed).is_ok() => {
                process::exit(CRASHED)
            }
            "crash once" => Reply::Done {
                id,
                output: "done by the second worker".to_string(),
            },
            "hang" => {
                thread::sleep(HANGS);
                process::exit(CRASHED)
            }
            _ => worker::answer(id, &input),
        };
        if send(&mut stdout, &reply).is_err() {
            break;
        }
    }
}
