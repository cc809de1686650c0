//! A program as a job of a shell, on a terminal of its own.
//!
//! The shell is between: a program that led its session would take its
//! children along when it ends, because the kernel hangs up then. A reader's
//! program is no session leader, and what it leaves behind stays.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use pty_process::blocking::{self as pty, Pty};
use rustix::process::{Pid, kill_process};
use rustix::termios::{tcgetattr, tcgetpgrp};
use subprocess::KillOnInterrupt;

use super::ending::Ending;
use super::leftovers;
use crate::transcript::{DEAD_PROXIES, NO_PROXIES};

/// The size of a terminal window that its user has not resized.
const SIZE: (u16, u16) = (24, 80);

/// What children of an ended program may take to end, too, on a busy machine.
const GRACE: Duration = Duration::from_secs(2);

/// Where a program's output goes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Output {
    /// To the terminal.
    Terminal,
    /// Stdout and stderr to pipes that are read to their ends, with no stdin.
    Pipes,
    /// Stdout to a pipe that is closed after a line: `| head -1`.
    OneLine,
    /// Stdout to a pipe that is closed: `| true`.
    Unread,
    /// Stdout to a device that is full: `> /dev/full`.
    Full,
}

/// A program that runs on a terminal.
pub struct Terminal {
    pty: Arc<Pty>,
    shell: Child,
    _kill_guard: KillOnInterrupt,
    started: Instant,
    modes: String,
    screen: Arc<Stream>,
    stdout: Option<Arc<Stream>>,
    stderr: Option<Arc<Stream>>,
}

/// What was seen of a program that has ended.
pub struct Seen {
    /// As a shell says it: 128 and the number of the signal that ended it.
    /// `None` if the limit cut it off.
    pub status: Option<i32>,
    /// What the terminal was sent.
    pub screen: String,
    /// What a pipe in place of stdout was sent.
    pub stdout: String,
    /// What a pipe in place of stderr was sent.
    pub stderr: String,
    /// The processes that the program left behind, by name.
    pub leftovers: Vec<String>,
    /// Whether the terminal has its modes back: echo, whole lines, Ctrl-C.
    pub modes_kept: bool,
    /// From its start to its end.
    pub took: Duration,
}

impl Seen {
    /// Returns all that the program printed.
    pub fn all(&self) -> String {
        format!("{}\n{}\n{}", self.screen, self.stdout, self.stderr)
    }
}

impl Terminal {
    /// Starts `program` with `words` and the variables `env`, in the current
    /// folder.
    pub fn start(
        program: &Path,
        words: &[&str],
        output: Output,
        env: &[(&str, &str)],
    ) -> Result<Terminal> {
        let (pty, pts) = pty::open()?;
        pty.resize(pty_process::Size::new(SIZE.0, SIZE.1))?;
        let modes = modes(&pty)?;
        // With job control (`-m`) the program has a process group of its own,
        // as in an interactive shell. Without the `exit` the shell would
        // become the program.
        let mut command = pty::Command::new("sh")
            .args(["-m", "-c", "\"$0\" \"$@\"; exit $?"])
            .arg(program)
            .args(words)
            .env("TERM", "xterm-256color");
        let others = ["NO_COLOR", "COLUMNS", "LINES", "RUST_BACKTRACE"];
        for name in others.into_iter().chain(NO_PROXIES) {
            command = command.env_remove(name);
        }
        // A reader's proxy is nowhere near the servers of a section.
        command = command.envs(DEAD_PROXIES).envs(env.iter().copied());
        let (mut stdout, mut stderr) = (None, None);
        match output {
            Output::Terminal => {}
            Output::Pipes => {
                let (reader, writer) = io::pipe()?;
                stdout = Some(Stream::of(reader));
                command = command.stdin(Stdio::null()).stdout(writer);
                let (reader, writer) = io::pipe()?;
                stderr = Some(Stream::of(reader));
                command = command.stderr(writer);
            }
            Output::OneLine => {
                let (reader, writer) = io::pipe()?;
                stdout = Some(Stream::of_one_line(reader));
                command = command.stdout(writer);
            }
            Output::Unread => {
                let (_, writer) = io::pipe()?;
                command = command.stdout(writer);
            }
            Output::Full => {
                let full = File::create("/dev/full")?;
                command = command.stdout(full);
            }
        }
        let started = Instant::now();
        let shell = command.spawn(pts)?;
        let pty = Arc::new(pty);
        let screen = Stream::of(Reader(Arc::clone(&pty)));
        let terminal = Terminal {
            _kill_guard: KillOnInterrupt::new(shell.id()),
            pty,
            shell,
            started,
            modes,
            screen,
            stdout,
            stderr,
        };
        // Ctrl-D, typed ahead: a program that reads the terminal meets its
        // end, as it meets the end of an empty file.
        terminal.types(b"\x04");
        Ok(terminal)
    }

    /// Types `bytes`; a program that has ended does not read them.
    pub fn types(&self, bytes: &[u8]) {
        (&*self.pty).write_all(bytes).ok();
    }

    /// Waits until what the program printed satisfies `ready`, it has ended,
    /// or `limit` is over; says whether it is ready.
    pub fn wait_for(
        &self,
        limit: Duration,
        ready: impl Fn(&str) -> bool,
    ) -> bool {
        let stream = self.stdout.as_ref().unwrap_or(&self.screen);
        stream.wait(limit, |text, _| ready(text))
    }

    /// Waits until the program has let go of the terminal, or `limit` is over.
    pub fn wait_for_end(&self, limit: Duration) {
        self.screen.wait(limit, |_, closed| closed);
    }

    /// Returns what the program printed so far, on stdout if that is read.
    pub fn printed(&self) -> String {
        self.stdout.as_ref().unwrap_or(&self.screen).text()
    }

    /// Ends the program in a reader's way; it may have ended meanwhile.
    pub fn end(&self, ending: Ending) {
        match ending {
            Ending::CtrlC => self.types(b"\x03"),
            _ => {
                if let Some(job) = self.job() {
                    kill_process(job, ending.signal()).ok();
                }
            }
        }
    }

    /// Returns the program's process, which leads the job.
    fn job(&self) -> Option<Pid> {
        // The shell itself, as long as it has not started the program.
        let shell = i32::try_from(self.shell.id()).ok();
        tcgetpgrp(&*self.pty)
            .ok()
            .filter(|job| Some(job.as_raw_nonzero().get()) != shell)
    }

    /// Waits for the program's end, but not for longer than `limit`; then it
    /// and all that it started is killed.
    pub fn finish(mut self, limit: Duration) -> Result<Seen> {
        let deadline = Instant::now() + limit;
        let mut job = None;
        let ended = loop {
            let ended = self.shell.try_wait()?;
            if ended.is_some() || Instant::now() >= deadline {
                break ended;
            }
            job = self.job().or(job);
            thread::sleep(Duration::from_millis(5));
        };
        let took = self.started.elapsed();
        let leftovers = match ended {
            Some(_) => self.leftovers(job),
            None => {
                leftovers::in_session(self.shell.id(), job)
                    .iter()
                    .for_each(leftovers::Process::kill);
                Vec::new()
            }
        };
        let status = match ended {
            Some(status) => Some(status),
            None => {
                self.shell.kill().ok(); // It may have ended just now.
                self.shell.wait()?;
                None
            }
        };
        // What has been printed is read in a moment, unless a process has left
        // the session and holds on to the terminal.
        let closed = |stream: &Arc<Stream>| {
            stream.wait(GRACE, |_, closed| closed);
            stream.text()
        };
        let after = modes(&self.pty);
        Ok(Seen {
            status: status
                .and_then(|s| s.code().or(s.signal().map(|n| 128 + n))),
            screen: closed(&self.screen),
            stdout: self.stdout.as_ref().map(closed).unwrap_or_default(),
            stderr: self.stderr.as_ref().map(closed).unwrap_or_default(),
            leftovers,
            // On some systems a terminal without a program has no modes.
            modes_kept: after.map_or(true, |after| after == self.modes),
            took,
        })
    }

    /// Returns what still runs after a moment, and ends it.
    fn leftovers(&self, job: Option<Pid>) -> Vec<String> {
        let ended = Instant::now();
        loop {
            let running = leftovers::in_session(self.shell.id(), job);
            if running.is_empty() {
                return Vec::new();
            }
            if ended.elapsed() >= GRACE {
                running.iter().for_each(leftovers::Process::kill);
                return running.iter().map(leftovers::Process::name).collect();
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn modes(pty: &Pty) -> Result<String> {
    Ok(format!("{:?}", tcgetattr(pty)?))
}

/// Reads a terminal that others write to meanwhile.
struct Reader(Arc<Pty>);

impl Read for Reader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(bytes)
    }
}

/// What a thread has read so far.
struct Stream {
    /// The bytes, and whether there are no more to come.
    read: Mutex<(Vec<u8>, bool)>,
    changed: Condvar,
}

impl Stream {
    /// Reads to the end; the kernel says EIO when the last program has let go
    /// of a terminal.
    fn of(mut from: impl Read + Send + 'static) -> Arc<Stream> {
        Stream::filled_by(move |stream| {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = from.read(&mut bytes) {
                stream.add(&bytes[..n]);
            }
        })
    }

    /// Reads a line and closes the pipe.
    fn of_one_line(from: impl Read + Send + 'static) -> Arc<Stream> {
        Stream::filled_by(move |stream| {
            let mut line = Vec::new();
            // A byte at a time, so that the rest stays unread.
            let mut reader = BufReader::with_capacity(1, from);
            if reader.read_until(b'\n', &mut line).is_ok() {
                // The pipe is closed before the line is shown.
                drop(reader);
                stream.add(&line);
            }
        })
    }

    fn filled_by(fill: impl FnOnce(&Stream) + Send + 'static) -> Arc<Stream> {
        let stream = Arc::new(Stream {
            read: Mutex::default(),
            changed: Condvar::new(),
        });
        let filled = Arc::clone(&stream);
        thread::spawn(move || {
            fill(&filled);
            filled.lock().1 = true;
            filled.changed.notify_all();
        });
        stream
    }

    fn add(&self, bytes: &[u8]) {
        self.lock().0.extend_from_slice(bytes);
        self.changed.notify_all();
    }

    /// Waits until text and end satisfy `ready`, no more is to come, or
    /// `limit` is over; says whether they do.
    fn wait(
        &self,
        limit: Duration,
        ready: impl Fn(&str, bool) -> bool,
    ) -> bool {
        let holds = |read: &(Vec<u8>, bool)| {
            ready(&String::from_utf8_lossy(&read.0), read.1)
        };
        let (read, _) = self
            .changed
            .wait_timeout_while(self.lock(), limit, |read| {
                !read.1 && !holds(read)
            })
            .unwrap_or_else(PoisonError::into_inner);
        holds(&read)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.lock().0).into_owned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (Vec<u8>, bool)> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
