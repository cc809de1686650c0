//! A second process that ends the programs when the server is gone, however it
//! went, and removes the workspace that was made for it.
//!
//! It reads lines from a pipe whose other end only the server has: the process
//! groups that have begun and ended. When the pipe closes, the server has ended,
//! and what is left is ended, too.
//!
//! A program may start others in groups of their own. Each run has a mark in its
//! environment, which its children inherit: where there is a `/proc`, they are
//! found by it.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::{self, ChildStdin, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::process::{Child, Command};

/// The variable that marks a run's processes.
pub const MARK: &str = "SPINNING_PLATES_LIVE_RUN";

/// How long the server waits for it when it ends.
const GRACE: Duration = Duration::from_secs(3);

/// The server's end of the pipe.
pub struct Reaper {
    pipe: Mutex<Option<ChildStdin>>,
    process: Mutex<process::Child>,
    /// What the marks of this server begin with.
    name: String,
    marks: AtomicU64,
}

impl Reaper {
    /// Starts it: this same program, as `live --reaper`.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start(program: &Path, workspace: &Path) -> Result<Reaper> {
        let name = format!("{:016x}", RandomState::new().hash_one(0));
        let mut command = process::Command::new(program);
        command
            .arg("--reaper")
            .arg(&name)
            .arg(workspace)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Ctrl-C on the server's terminal must not reach it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command
            .spawn()
            .with_context(|| program.display().to_string())?;
        let pipe = process.stdin.take();
        Ok(Reaper {
            pipe: Mutex::new(pipe),
            process: Mutex::new(process),
            name,
            marks: AtomicU64::new(0),
        })
    }

    /// Returns the mark of a new run.
    pub fn new_mark(&self) -> String {
        let n = self.marks.fetch_add(1, Ordering::Relaxed);
        format!("{}.{n}.", self.name)
    }

    /// Marks a program that is to be started.
    pub fn mark(&self, command: &mut Command) -> String {
        let mark = self.new_mark();
        command.env(MARK, &mark);
        mark
    }

    /// Notes the group of a program that has started.
    pub fn watch(&self, child: &Child, mark: String) -> Group<'_> {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let group = Group {
            reaper: self,
            id,
            mark,
        };
        group.note('+');
        group
    }

    fn write(&self, line: &str) {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipe) = pipe.as_mut() {
            // If it was killed, only the server's own orderly end remains.
            writeln!(pipe, "{line}").and_then(|()| pipe.flush()).ok();
        }
    }

    /// Lets it end everything, and waits until it has.
    pub fn end_all(&self) {
        let lock = self.pipe.lock();
        drop(lock.unwrap_or_else(PoisonError::into_inner).take());
        let deadline = Instant::now() + GRACE;
        let mut process =
            self.process.lock().unwrap_or_else(PoisonError::into_inner);
        while matches!(process.try_wait(), Ok(None))
            && Instant::now() < deadline
        {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The processes of one run; ended when this is dropped.
pub struct Group<'a> {
    reaper: &'a Reaper,
    id: Option<i32>,
    mark: String,
}

impl Group<'_> {
    fn note(&self, sign: char) {
        if let Some(id) = self.id {
            self.reaper.write(&format!("{sign}{id}"));
        }
    }

    /// Counts the threads of the group; 0 where they cannot be counted.
    pub fn threads(&self) -> usize {
        self.id.map_or(0, threads_of)
    }

    /// Ends whatever is left of it.
    pub fn end(self) {}
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            kill_group(id);
        }
        kill_marked(&self.mark);
        self.note('-');
    }
}

#[cfg(unix)]
fn kill_group(id: i32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(id) = Pid::from_raw(id) {
        // A group that has ended needs no signal.
        kill_process_group(id, Signal::KILL).ok();
    }
}

#[cfg(not(unix))]
fn kill_group(_: i32) {}

/// Reads the numbers of all processes; none where there is no `/proc`.
fn processes() -> Vec<i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    names
        .filter_map(|name| name.to_str()?.parse().ok())
        .collect()
}

/// Counts the threads of the processes in a group.
fn threads_of(group: i32) -> usize {
    let count = |id: i32| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name in parentheses may have spaces and parentheses itself.
        let (_, rest) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let own: i32 = fields.get(2)?.parse().ok()?;
        let threads: usize = fields.get(17)?.parse().ok()?;
        (own == group).then_some(threads)
    };
    processes().into_iter().filter_map(count).sum()
}

/// Ends every process whose mark begins so, however it came about.
fn kill_marked(mark: &str) {
    let mark = format!("{MARK}={mark}");
    let is_marked = |id: &i32| {
        std::fs::read(format!("/proc/{id}/environ")).is_ok_and(|all| {
            all.split(|b| *b == 0)
                .any(|v| v.starts_with(mark.as_bytes()))
        })
    };
    // One that is found may have started another meanwhile.
    for _ in 0..50 {
        let found: Vec<i32> =
            processes().into_iter().filter(is_marked).collect();
        if found.is_empty() {
            return;
        }
        #[cfg(unix)]
        for id in found {
            use rustix::process::{Pid, Signal, kill_process};
            if let Some(id) = Pid::from_raw(id) {
                kill_process(id, Signal::KILL).ok();
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What the second process does: waits for the pipe to close, then ends what is
/// left.
pub fn reap(name: &str, workspace: &Path) {
    let mut groups = BTreeSet::new();
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        match line.split_at_checked(1) {
            Some(("+", id)) => groups.extend(id.parse::<i32>()),
            Some(("-", id)) => {
                id.parse::<i32>().map(|id| groups.remove(&id)).ok();
            }
            _ => {}
        }
    }
    groups.into_iter().for_each(kill_group);
    kill_marked(&format!("{name}."));
    std::fs::remove_dir_all(workspace).ok();
}
