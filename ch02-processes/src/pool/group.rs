//! A worker and whatever it starts: one process group, which ends as one.

use std::ffi::OsString;
use std::io;
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus};
use std::sync::Arc;

use super::cli::prepare;
use super::guard::{self, Guard};

/// A process that leads a group. Dropping it kills the group and waits.
pub struct Group {
    leader: Child,
    guard: Option<Arc<Guard>>,
    /// Its number may belong to another process by now.
    reaped: bool,
}

impl Group {
    /// Starts a worker in a group of its own.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn start(
        words: &[OsString],
        guard: Option<&Arc<Guard>>,
    ) -> io::Result<Group> {
        let leader = prepare(words).spawn()?;
        let group = Group {
            leader,
            guard: guard.cloned(),
            reaped: false,
        };
        if let Some(guard) = &group.guard {
            guard.watch(group.id())?;
        }
        Ok(group)
    }

    /// Returns the worker's process id, which is the group's number, too.
    pub fn id(&self) -> u32 {
        self.leader.id()
    }

    /// Takes the two pipes to the worker.
    pub fn pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>) {
        (self.leader.stdin.take(), self.leader.stdout.take())
    }

    /// Tells whether the worker has ended, whatever became of its group.
    pub fn has_ended(&mut self) -> bool {
        #[cfg(unix)]
        let ended = self.reaped || exited(self.id(), WaitIdOptions::NOHANG);
        // What cannot be asked for its status is not there.
        #[cfg(not(unix))]
        let ended = !matches!(self.leader.try_wait(), Ok(None));
        ended
    }

    /// Kills the worker, if it has not ended, and whatever it started.
    pub fn kill(&mut self) {
        if !self.reaped {
            guard::kill(i32::try_from(self.id()).unwrap_or_default());
            // The group's leader is killed already, where there are groups.
            self.leader.kill().ok();
        }
    }

    /// Kills the group, and returns how the worker ended.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn end(&mut self) -> io::Result<ExitStatus> {
        self.kill();
        if let Some(guard) = self.guard.take() {
            // Before `wait`: until then no other group has this number.
            guard.forget(self.id());
        }
        self.reaped = true;
        self.leader.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // After `end` it returns the same status again.
        self.end().ok();
    }
}

#[cfg(unix)]
use rustix::process::WaitIdOptions;

/// Waits until process `id`, a child of this one, has ended, and leaves it to
/// be waited for again: until then its number stays its own.
#[cfg(unix)]
pub fn wait_for_exit(id: u32) {
    exited(id, WaitIdOptions::empty());
}

#[cfg(unix)]
fn exited(id: u32, options: WaitIdOptions) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, WaitId, waitid};

    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    let Some(id) = id else { return true };
    let options = options | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    loop {
        match waitid(WaitId::Pid(id), options) {
            Err(Errno::INTR) => {}
            Ok(ended) => return ended.is_some(),
            // What cannot be asked for its status is not there.
            Err(_) => return true,
        }
    }
}
