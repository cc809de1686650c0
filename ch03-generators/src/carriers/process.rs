//! A stage in a process, behind a pipe.

use std::io;
use std::process::{Child, Command, Stdio};

use crate::coroutine::Raised;

use super::{Link, Report, frame};

/// The near end of a pair of pipes.
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts `program`, which has to be a [`super::serve`].
    ///
    /// # Errors
    ///
    /// The system's, when it starts no process.
    pub fn start(mut program: Command) -> io::Result<Self> {
        program.stdin(Stdio::piped()).stdout(Stdio::piped());
        program.spawn().map(|child| Process { child })
    }

    /// Returns the child's process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Link for Process {
    fn send(&mut self, line: String) -> io::Result<()> {
        match &mut self.child.stdin {
            Some(pipe) => frame::write(pipe, &line),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn finish(&mut self) -> Result<Report, Raised> {
        // The end of its stdin is what the child waits for.
        drop(self.child.stdin.take());
        let answer = match self.child.stdout.take() {
            Some(pipe) => frame::read_answer(pipe),
            None => Err(Raised::message("it has reported already")),
        };
        // A child that its parent does not wait for stays in the process table.
        let status = self.child.wait()?;
        match answer {
            Ok(_) if !status.success() => {
                Err(Raised::message(format!("the far end: {status}")))
            }
            answer => answer,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The report is dropped; after `finish`, waiting costs nothing.
        self.finish().ok();
    }
}
