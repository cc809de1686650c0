//! Guard: a process that ends the workers of a pool that was killed.
//!
//! A worker that computes does not read, so it does not see its pool die. The
//! guard only reads: when the pool dies, the guard's stdin ends.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use tour::interrupt;

/// The pool's handle to the guard. Dropping it waits for the guard's end.
pub struct Guard(Mutex<Child>);

impl Guard {
    /// Starts this program as the guard; `None` on a system without process
    /// groups.
    ///
    /// # Errors
    ///
    /// Any I/O error.
    pub fn start() -> io::Result<Option<Guard>> {
        if cfg!(not(unix)) {
            return Ok(None);
        }
        let mut command = Command::new(env::current_exe()?);
        command.args(["pool", "--guard"]);
        command.stdin(Stdio::piped());
        // Not the pool's: a reader of those must not wait for the guard.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: a signal to the pool's group must not end the
        // guard, whose work begins when the pool has ended.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(Some(Guard(Mutex::new(command.spawn()?))))
    }

    /// Registers a process group; call it before the group's first job.
    ///
    /// A worker without a job sees the end of its own stdin.
    ///
    /// # Errors
    ///
    /// The guard was killed.
    pub fn watch(&self, group: u32) -> io::Result<()> {
        self.tell(&format!("watch {group}\n"))
    }

    /// Removes a group; call it before another group can get its id.
    pub fn forget(&self, group: u32) {
        // A guard that was killed cannot end any group.
        self.tell(&format!("forget {group}\n")).ok();
    }

    fn tell(&self, line: &str) -> io::Result<()> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut guard.stdin {
            Some(stdin) => stdin.write_all(line.as_bytes()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let guard = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        // `wait` closes the guard's stdin first.
        guard.wait().ok();
    }
}

/// Runs the guard: reads the groups' ids, and kills the remaining groups when
/// stdin ends.
pub fn run() {
    interrupt::ignore(|_| true);
    let mut groups = BTreeSet::new();
    // An error ends the stream, too.
    for line in io::stdin().lines().map_while(Result::ok) {
        let (what, group) = line.split_once(' ').unwrap_or_default();
        match (what, group.parse::<i32>()) {
            // 0 means the guard's own group, 1 every process of the system.
            ("watch", Ok(group)) if group > 1 => groups.insert(group),
            ("forget", Ok(group)) => groups.remove(&group),
            _ => false,
        };
    }
    for group in groups {
        kill(group);
    }
}

/// Kills every process of a group.
pub(super) fn kill(group: i32) {
    #[cfg(unix)]
    if let Some(group) = rustix::process::Pid::from_raw(group) {
        use rustix::process::{Signal, kill_process_group};
        // An error means that its last process has just ended.
        kill_process_group(group, Signal::KILL).ok();
    }
    #[cfg(not(unix))]
    let _ = group;
}
