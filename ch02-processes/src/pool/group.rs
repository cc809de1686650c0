//! Process group: a worker and the processes that it starts end together.

use std::ffi::OsString;
use std::io;
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus};
use std::sync::Arc;

use super::cli::prepare;
use super::guard::{self, Guard};

/// The leader of a process group. Dropping it kills the group and waits.
pub struct Group {
    leader: Child,
    guard: Option<Arc<Guard>>,
    /// Its id may belong to another process by now.
    reaped: bool,
}

impl Group {
    /// Starts a worker in a group of its own.
    ///
    /// # Errors
    ///
    /// Any I/O error.
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

    /// Returns the worker's process id, which is the group's id, too.
    pub fn id(&self) -> u32 {
        self.leader.id()
    }

    /// Takes the two pipes to the worker.
    pub fn pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>) {
        (self.leader.stdin.take(), self.leader.stdout.take())
    }

    /// Says whether the worker has ended; its group may go on.
    pub fn has_ended(&mut self) -> bool {
        #[cfg(unix)]
        let ended = self.reaped || exited(self.id(), WaitIdOptions::NOHANG);
        // A process without a status does not exist.
        #[cfg(not(unix))]
        let ended = !matches!(self.leader.try_wait(), Ok(None));
        ended
    }

    /// Kills the worker if it has not ended, and the rest of its group.
    pub fn kill(&mut self) {
        if !self.reaped {
            guard::kill(i32::try_from(self.id()).unwrap_or_default());
            // Where there are groups, the leader is killed already.
            self.leader.kill().ok();
        }
    }

    /// Kills the group, and returns how the worker ended.
    ///
    /// # Errors
    ///
    /// Any I/O error.
    pub fn end(&mut self) -> io::Result<ExitStatus> {
        self.kill();
        if let Some(guard) = self.guard.take() {
            // Before `wait`: until then no other group can have this id.
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

/// Waits until process `id`, a child of this process, has ended, and leaves it
/// a zombie: so no other process can get its id.
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
            // A process without a status does not exist.
            Err(_) => return true,
        }
    }
}
