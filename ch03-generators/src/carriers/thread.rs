//! A stage in a thread, behind a queue.

use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crate::coroutine::{Raised, Resumable};

use super::{Link, Make, Report};

/// How many lines may wait for a slow stage before the sender has to wait.
const QUEUE: usize = 64;

/// The near end of a queue.
pub struct Thread {
    /// Dropping it is the message that Python sends as an object of its own.
    queue: Option<SyncSender<String>>,
    far_end: Option<JoinHandle<Result<Report, Raised>>>,
}

impl Thread {
    /// Starts the thread; it makes the stage that it will run.
    pub fn start(make: Make) -> Self {
        let (tx, rx) = sync_channel(QUEUE);
        let far_end = thread::spawn(move || {
            let mut stage = make()?;
            for line in rx {
                stage.send(line).yielded()?;
            }
            stage.close()?.ok_or(Raised::Exit)
        });
        Thread {
            queue: Some(tx),
            far_end: Some(far_end),
        }
    }
}

impl Link for Thread {
    fn send(&mut self, line: String) -> io::Result<()> {
        let queue = self.queue.as_ref().map(|queue| queue.send(line));
        match queue {
            Some(Ok(())) => Ok(()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn finish(&mut self) -> Result<Report, Raised> {
        drop(self.queue.take());
        match self.far_end.take().map(JoinHandle::join) {
            Some(Ok(report)) => report,
            Some(Err(_)) => Err(Raised::message("the thread panicked")),
            None => Err(Raised::message("it has reported already")),
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // After `finish` the thread has ended; else the report is dropped.
        self.finish().ok();
    }
}
