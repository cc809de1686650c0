//! One worker process: no call waits longer than its limit for it.
//!
//! A thread writes to it, a thread reads from it, and a thread waits for its
//! end. So a call can wait for the first of four events: the answer, the end,
//! the time limit, Ctrl-C.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use tracing::trace_span;

use super::group::Group;
use super::guard::Guard;
use super::input::Job;
use crate::framing::{FrameError, LONGEST, Reply, Request, encode, receive};

/// The time that a worker has to end when its stdin has ended.
const GRACE: Duration = Duration::from_secs(1);
/// For a call without a limit of its own.
const FOREVER: Duration = Duration::from_secs(1 << 40);

/// The reason why a call has no answer.
#[derive(Debug, PartialEq)]
pub enum Fault {
    /// The worker ended, and how. Another worker gets the job.
    Died(String),
    /// It broke the protocol; another process of that program would, too.
    Protocol(String),
    /// The job exceeded its limit, and the pool killed the worker.
    TimedOut(Duration),
    /// The pool stops.
    Stopped,
}

/// An event that a call waits for.
#[derive(Debug)]
pub enum Heard {
    /// The worker answered.
    Reply(Reply),
    /// Its stdout had an invalid frame.
    Nonsense(FrameError),
    /// Its stdout ended.
    Ended,
    /// The process ended. Its children may still hold its stdout open.
    Exited,
    /// Ctrl-C, or another worker broke the protocol.
    Stop,
}

/// A running worker. Dropping it kills it, with its process group, and waits
/// for its end.
pub struct Process {
    number: u16,
    group: Group,
    requests: Option<Sender<Vec<u8>>>,
    heard: Receiver<Heard>,
}

impl Process {
    /// Starts a worker, and returns the sender that makes its calls return
    /// [`Fault::Stopped`].
    ///
    /// # Errors
    ///
    /// The program cannot be started; the message names it.
    pub fn start(
        number: u16,
        words: &[OsString],
        guard: Option<&Arc<Guard>>,
    ) -> Result<(Process, SyncSender<Heard>), String> {
        let _waits = trace_span!("waits", "starts a process").entered();
        let mut group = Group::start(words, guard).map_err(|err| {
            let program = words.first().cloned().unwrap_or_default();
            let program = program.display();
            format!("worker {number} cannot be started: `{program}`: {err}")
        })?;
        let (requests, to_write) = mpsc::channel();
        // Room for two: a worker that writes without a request fills its
        // pipe, and not the pool's memory.
        let (tx, heard) = mpsc::sync_channel(2);
        let (stdin, stdout) = group.pipes();
        if let Some(stdin) = stdin {
            thread::spawn(move || write(stdin, &to_write));
        }
        if let Some(stdout) = stdout {
            let tx = tx.clone();
            thread::spawn(move || read(stdout, &tx));
        }
        #[cfg(unix)]
        thread::spawn({
            let (tx, id) = (tx.clone(), group.id());
            move || {
                super::group::wait_for_exit(id);
                // Fails only when the process was dropped.
                tx.send(Heard::Exited).ok();
            }
        });
        let requests = Some(requests);
        Ok((
            Process {
                number,
                group,
                requests,
                heard,
            },
            tx,
        ))
    }

    /// Says whether the worker ended while it had no job.
    pub fn has_ended(&mut self) -> bool {
        self.group.has_ended()
    }

    /// Sends a job and waits for its answer: an output, or an error of the job.
    ///
    /// # Errors
    ///
    /// [`Fault`]; the worker must not be used any more.
    pub fn call(
        &mut self,
        job: &Job,
        limit: Option<Duration>,
    ) -> Result<Result<String, String>, Fault> {
        let _runs = trace_span!("runs", "tests {}", job.input).entered();
        let input = job.input.clone();
        let request = encode(&Request::Job { id: job.id, input });
        let request = match request {
            Ok(request) if request.len() as u64 <= LONGEST => request,
            Ok(_) => return Ok(Err("too long for a frame".to_string())),
            Err(err) => return Ok(Err(err.to_string())),
        };
        if let Some(requests) = &self.requests {
            // The writer ends at a broken pipe. The reader reports the reason.
            requests.send(request).ok();
        }
        let heard = self.hear(limit.unwrap_or(FOREVER));
        let (id, answer) = match heard {
            Some(Heard::Reply(Reply::Done { id, output })) => (id, Ok(output)),
            Some(Heard::Reply(Reply::Failed { id, error })) => (id, Err(error)),
            Some(Heard::Nonsense(FrameError::Torn)) => {
                return Err(Fault::Died(format!(
                    "{}, in mid-frame",
                    self.end()
                )));
            }
            Some(Heard::Nonsense(err)) => {
                return Err(Fault::Protocol(format!("{self} sent {err}")));
            }
            Some(Heard::Ended | Heard::Exited) => {
                return Err(Fault::Died(self.end()));
            }
            Some(Heard::Stop) => return Err(Fault::Stopped),
            None => {
                return Err(Fault::TimedOut(limit.unwrap_or(FOREVER)));
            }
        };
        if id != job.id {
            let what =
                format!("{self} answered job {id}, asked for {}", job.id);
            return Err(Fault::Protocol(what));
        }
        Ok(answer)
    }

    /// Closes the worker's stdin, and waits for its end.
    ///
    /// # Errors
    ///
    /// The worker wrote something after its last answer.
    pub fn finish(mut self) -> Result<(), Fault> {
        let _waits = trace_span!("waits", "for its end").entered();
        drop(self.requests.take());
        match self.hear(GRACE) {
            Some(Heard::Reply(_)) => {
                let what = "answered a job that it had answered, or not got";
                Err(Fault::Protocol(format!("{self} {what}")))
            }
            Some(Heard::Nonsense(err)) => {
                Err(Fault::Protocol(format!("{self} sent {err}")))
            }
            Some(Heard::Stop) => Err(Fault::Stopped),
            // It has ended, or `drop` kills it.
            Some(Heard::Ended | Heard::Exited) | None => {
                self.end();
                Ok(())
            }
        }
    }

    /// Waits for the next event; `None` if there is none within `limit`.
    ///
    /// The answers of a process come before its end.
    fn hear(&mut self, limit: Duration) -> Option<Heard> {
        match self.heard.recv_timeout(limit) {
            Ok(Heard::Exited) => {}
            heard => return heard.ok(),
        }
        // A child of the worker may hold its stdout open: it is killed with
        // the group. A process that has left the group is not waited for.
        self.group.kill();
        let heard = self.heard.recv_timeout(GRACE);
        Some(heard.unwrap_or(Heard::Exited))
    }

    /// Waits a moment for the end of a worker that has closed its stdout, kills
    /// it if it has not ended, and returns its status.
    fn end(&mut self) -> String {
        let deadline = Instant::now() + GRACE;
        // std cannot wait for a child with a limit.
        while !self.group.has_ended() {
            if Instant::now() > deadline {
                return format!("{self} closed its stdout and went on");
            }
            thread::sleep(Duration::from_millis(1));
        }
        match self.group.end() {
            Ok(status) => format!("{self} ended, {status}"),
            Err(err) => format!("{self}: {err}"),
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "worker {} (process {})", self.number, self.group.id())
    }
}

/// Writes requests until there are no more, or the pipe breaks.
fn write(mut stdin: ChildStdin, requests: &Receiver<Vec<u8>>) {
    for request in requests {
        if stdin.write_all(&request).is_err() {
            break;
        }
    }
}

/// Reads replies until the stream ends, and always reports the end.
fn read(stdout: ChildStdout, heard: &SyncSender<Heard>) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let (what, last) = match receive(&mut stdout) {
            Ok(Some(reply)) => (Heard::Reply(reply), false),
            Ok(None) => (Heard::Ended, true),
            Err(FrameError::Io(err))
                if err.kind() == io::ErrorKind::Interrupted =>
            {
                continue;
            }
            Err(err) => (Heard::Nonsense(err), true),
        };
        // Fails only when the process was dropped.
        if heard.send(what).is_err() || last {
            break;
        }
    }
}
