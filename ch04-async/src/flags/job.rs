//! What is to be downloaded, and what came of it: all that the three engines
//! and the report have in common.

use std::error::Error;
use std::sync::mpsc::Sender;
use std::time::Duration;

use tracing::trace;

use super::body::Received;
use super::codes::Code;
use super::error::FetchError;
use super::retry::LONGEST_WAIT;
use super::save::Folder;

/// What an engine may need besides waiting for servers: for its disk, and for
/// a processor that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(3);

/// Everything an engine needs to know.
pub struct Job {
    /// Which flags, each as often as it is named.
    pub codes: Vec<Code>,
    /// The server's address, without a slash at the end.
    pub base_url: String,
    /// How many downloads may be under way at a time.
    pub connections: usize,
    /// The longest time from the request to the last byte of the answer.
    pub timeout: Duration,
    /// The part of it that may pass until there is a connection.
    pub connect_timeout: Duration,
    /// How often to try again what failed for a reason that may pass.
    pub retries: u32,
    /// How large a file may be.
    pub max_bytes: u64,
    /// Whether to ask for the country's name too, and put it in the file's.
    pub country_names: bool,
    /// Where the flags go.
    pub folder: Folder,
}

impl Job {
    /// Returns where a code's picture is.
    pub fn flag_url(&self, code: Code) -> String {
        let cc = code.lower();
        format!("{}/{cc}/{cc}.gif", self.base_url)
    }

    /// Returns the longest time that may pass without any [`Event`].
    ///
    /// Some flag is under way then, and it is done, or tried again, once its
    /// requests have had their time.
    pub fn longest_silence(&self) -> Duration {
        let requests = if self.country_names { 2 } else { 1 };
        let retrying = match self.retries {
            0 => Duration::ZERO,
            _ => LONGEST_WAIT,
        };
        self.timeout * requests + retrying + PATIENCE
    }

    /// Returns where a code's country is described.
    pub fn metadata_url(&self, code: Code) -> String {
        format!("{}/{}/metadata.json", self.base_url, code.lower())
    }
}

/// What an engine tells while it works.
#[derive(Debug)]
pub enum Event {
    /// The code is known, nothing more.
    Queued(Code),
    /// It is one of those under way.
    Started(Code),
    /// It failed, and will be tried again after a wait.
    Retrying(Code, FetchError, Duration),
    /// It is done, well or badly.
    Finished(Code, Result<Outcome, FetchError>),
}

/// How a download ends that does not fail.
#[derive(Debug)]
pub enum Outcome {
    /// The flag is on the disk.
    Saved(Received),
    /// The server knows no such flag. That is an answer, not an error.
    NotFound,
}

/// Where an engine's events go; each thread and task has its own.
#[derive(Clone)]
pub struct Events(pub Sender<Event>);

impl Events {
    /// Tells what happened.
    pub fn tell(&self, event: Event) {
        match &event {
            Event::Queued(code) => {
                trace!(lane = %code, state = "waits", "queued");
            }
            Event::Started(code) => {
                trace!(lane = %code, state = "runs", "downloads");
            }
            Event::Retrying(code, ..) => {
                trace!(lane = %code, state = "waits", "to try again");
            }
            Event::Finished(code, _) => trace!(lane = %code, state = "ends"),
        }
        // After an interrupt the receiver may be gone.
        self.0.send(event).ok();
    }
}

/// What an engine returns when it is through: an error only if it could not
/// even begin.
pub type EngineResult = Result<(), Box<dyn Error + Send + Sync>>;
