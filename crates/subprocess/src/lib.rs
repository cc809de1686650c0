//! Programs that the runner starts: in a group of their own, within a time
//! limit, ended by the signals that end the runner.

pub mod browser;
pub mod environment;

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

/// How long programs may take to end when the runner ends.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(2);

/// What a program left behind.
pub struct Finished {
    /// The exit status; `None` if a signal ended it or the limit cut it off.
    pub status: Option<i32>,
    /// Whether the time limit ended it.
    pub cut_off: bool,
    /// All of its stdout; what is not UTF-8 is replaced.
    pub stdout: String,
    /// All of its stderr, likewise.
    pub stderr: String,
    /// From its start to its end.
    pub took: Duration,
}

impl Finished {
    /// Says how it ended, for a person.
    pub fn ending(&self) -> String {
        match self.status {
            _ if self.cut_off => format!("cut off after {:.0?}", self.took),
            Some(status) => format!("exit status {status}"),
            None => "ended by a signal".to_string(),
        }
    }
}

/// Runs `command` to its end, but not for longer than `limit`; then it and
/// whatever it started is killed.
///
/// # Errors
///
/// The program cannot be started; the message names it.
pub fn run(command: Command, limit: Duration) -> io::Result<Finished> {
    run_with_input(command, "", limit)
}

/// Runs `command` as [`run`] does, with `input` on its stdin.
///
/// # Errors
///
/// As [`run`].
pub fn run_with_input(
    mut command: Command,
    input: &str,
    limit: Duration,
) -> io::Result<Finished> {
    let stdin = match input {
        "" => Stdio::null(),
        _ => Stdio::piped(),
    };
    command.stdin(stdin);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let name = command.get_program().to_string_lossy().into_owned();
    let named =
        |err: io::Error| io::Error::new(err.kind(), format!("{name}: {err}"));
    let started = Instant::now();
    let (mut child, _listed) = spawn(command).map_err(named)?;
    if let Some(mut pipe) = child.stdin().take() {
        // A program that has ended without reading it says so by its status.
        pipe.write_all(input.as_bytes()).ok();
    }

    let (tx, rx) = mpsc::channel();
    let stdout = child.stdout().take().map(|pipe| read_all(pipe, tx.clone()));
    let stderr = child.stderr().take().map(|pipe| read_all(pipe, tx));
    // Both pipes closed means that it has ended, and its children too.
    let open = rx.recv_timeout(limit);
    let cut_off = matches!(open, Err(RecvTimeoutError::Timeout))
        || !ends_by(&mut *child, started + limit);
    if cut_off {
        child.kill().ok(); // It may have ended in this very moment.
    }
    let status = child.wait().map_err(named)?;
    let text = |reader: Option<thread::JoinHandle<Vec<u8>>>| {
        let bytes = reader.map(|r| r.join().expect("a reader panicked"));
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    };
    Ok(Finished {
        status: status.code().filter(|_| !cut_off),
        cut_off,
        stdout: text(stdout),
        stderr: text(stderr),
        took: started.elapsed(),
    })
}

fn spawn(
    command: Command,
) -> io::Result<(Box<dyn ChildWrapper>, KillOnInterrupt)> {
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    // Under the lock: once the runner ends its programs, it starts no more.
    let mut running = running();
    let child = command.spawn()?;
    running.push(child.id());
    let listed = KillOnInterrupt(child.id());
    Ok((child, listed))
}

/// Shows a file or an address in the reader's browser.
///
/// # Errors
///
/// This system has no such program, or it fails.
pub fn show(page: &OsStr) -> io::Result<()> {
    let (opener, first): (_, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(opener);
    command.args(first).arg(page);
    match run(command, Duration::from_secs(10)) {
        Ok(run) if run.status == Some(0) => Ok(()),
        _ => {
            let page = page.display();
            Err(io::Error::other(format!("{opener} failed; open {page}")))
        }
    }
}

/// Reads a pipe to its end; `open` is dropped then.
fn read_all(
    mut pipe: impl Read + Send + 'static,
    open: mpsc::Sender<()>,
) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).ok(); // What came before the error counts.
        drop(open);
        bytes
    })
}

/// A program may close its pipes and go on: waits for its end until `deadline`.
fn ends_by(child: &mut dyn ChildWrapper, deadline: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(None) if Instant::now() >= deadline => return false,
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            Ok(Some(_)) | Err(_) => return true,
        }
    }
}

/// The process groups that are running, by their leader's id.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// While it lives, a signal that ends the runner ends that process group.
pub struct KillOnInterrupt(u32);

impl KillOnInterrupt {
    /// Lists the group that process `id` leads.
    pub fn new(id: u32) -> Self {
        running().push(id);
        KillOnInterrupt(id)
    }
}

impl Drop for KillOnInterrupt {
    fn drop(&mut self) {
        running().retain(|id| *id != self.0);
    }
}

fn running() -> std::sync::MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes Ctrl-C, SIGTERM and SIGHUP end the runner and everything that it has
/// started.
///
/// They are in groups of their own, so the terminal does not reach them.
pub fn end_with_signals() {
    // Without the handler a signal ends the runner alone.
    let installed = signals::listen(|signal| {
        let _all = end_all();
        let screen = io::stderr().is_terminal().then(|| io::stderr().lock());
        if let Some(mut screen) = screen {
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
        }
        signal.end();
    });
    installed.ok();
    // What is tested has to meet the signals as a reader's shell leaves them,
    // however the runner was started.
    signals::restore_for_children().ok();
}

/// Makes a failed `println!` end the runner, as Ctrl-C does, not panic.
///
/// A reader of only the first lines has not seen the count: that is no success,
/// and 141 is what a shell says of a program that a closed pipe has ended.
pub fn end_on_closed_output() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        if !message.starts_with("failed printing to std") {
            return default(info);
        }
        let _all = end_all();
        if message.contains("pipe") {
            std::process::exit(141);
        }
        // If stderr is closed too, the status has to say it.
        writeln!(io::stderr(), "error: {message}").ok();
        std::process::exit(1);
    }));
}

/// Asks every group to end, and kills those that have not after [`GRACE`].
///
/// While the result lives, no program is started, and a thread that has waited
/// for one goes no further.
fn end_all() -> impl Drop {
    let running = running();
    #[cfg(unix)]
    {
        use rustix::process::{
            Pid, Signal, kill_process_group, test_kill_process_group,
        };
        let ids = running.iter().filter_map(|id| i32::try_from(*id).ok());
        let mut groups: Vec<Pid> = ids.filter_map(Pid::from_raw).collect();
        // A group that has ended meanwhile needs no signal, here and below.
        groups.retain(|id| kill_process_group(*id, Signal::TERM).is_ok());
        let deadline = Instant::now() + GRACE;
        while !groups.is_empty() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
            groups.retain(|id| test_kill_process_group(*id).is_ok());
        }
        for id in groups {
            kill_process_group(id, Signal::KILL).ok();
        }
    }
    // On Windows the job objects end with this process.
    running
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(code: &str) -> Command {
        let mut command = Command::new("python3");
        command.args(["-c", code]);
        command
    }

    #[test]
    fn needs_python3_more_output_than_a_pipe_holds_is_read() {
        let run = run(
            python("print('x' * 300_000, flush=True)"),
            Duration::from_secs(30),
        );
        assert_eq!(run.unwrap().stdout.len(), 300_001);
    }

    #[test]
    fn needs_python3_a_program_that_hangs_is_cut_off_with_its_children() {
        let code = "import subprocess, sys, time\n\
                    print('before', flush=True)\n\
                    subprocess.run([sys.executable, '-c', \
                    'import time; time.sleep(600)'])";
        // Enough for Python to start on a busy machine.
        let run = run(python(code), Duration::from_secs(10)).unwrap();
        assert!(run.cut_off);
        assert_eq!((run.status, run.stdout.as_str()), (None, "before\n"));
        // Returning at all shows that the grandchild let go of the pipes.
        assert!(run.took < Duration::from_secs(60));
    }

    #[test]
    fn needs_python3_input_is_read_to_its_end() {
        let echo = python("import sys; print(sys.stdin.read() + '!')");
        let run = run_with_input(echo, "one", Duration::from_secs(30));
        assert_eq!(run.unwrap().stdout, "one!\n");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let err = run(Command::new("no-such-program"), Duration::from_secs(1));
        let message = err.err().unwrap().to_string();
        assert!(message.starts_with("no-such-program: "), "{message}");
    }
}
