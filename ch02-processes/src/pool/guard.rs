//! A process that outlives a pool that is killed, and ends its workers.
//!
//! A worker deep in a job reads nothing, and so does not see its pool die. The
//! guard does nothing but read: when the pool dies, the guard's stdin ends.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use tour::interrupt;

/// The guard, as the pool sees it. It has ended when this is dropped.
pub struct Guard(Mutex<Child>);

impl Guard {
    /// Starts this program as the guard; `None` on a system without process
    /// groups.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn start() -> io::Result<Option<Guard>> {
        if cfg!(not(unix)) {
            return Ok(None);
        }
        let mut command = Command::new(env::current_exe()?);
        command.args(["pool", "--guard"]);
        command.stdin(Stdio::piped());
        // Not the pool's: a reader of those waits for nobody but the pool.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        // A signal to the pool's group is not for the guard, which has work to
        // do when the others have ended.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(Some(Guard(Mutex::new(command.spawn()?))))
    }

    /// Puts a process group under guard: to be called before its first job.
    ///
    /// A worker that has no job yet sees the end of its own stdin.
    ///
    /// # Errors
    ///
    /// The guard was killed.
    pub fn watch(&self, group: u32) -> io::Result<()> {
        self.tell(&format!("watch {group}\n"))
    }

    /// Takes a group away; to be called while its number is still its own.
    pub fn forget(&self, group: u32) {
        // A guard that was killed ends no group at all.
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

/// Is the guard: reads which groups there are, and kills those that are left
/// when stdin ends.
pub fn run() {
    interrupt::ignore(|_| true);
    let mut groups = BTreeSet::new();
    // An error is an end, too.
    for line in io::stdin().lines().map_while(Result::ok) {
        let (what, group) = line.split_once(' ').unwrap_or_default();
        match (what, group.parse::<i32>()) {
            // 0 and 1 would mean this group, and every process there is.
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
        // One whose last process has just ended needs no signal.
        kill_process_group(group, Signal::KILL).ok();
    }
    #[cfg(not(unix))]
    let _ = group;
}
