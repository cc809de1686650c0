//! What can go wrong with one flag: a class for every case that a caller might
//! want to treat differently.
//!
//! A flag that does not exist is not among them. It is an answer.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::StatusCode;

/// Why a flag was not downloaded.
///
/// The texts in here are the client's and the system's. What a server says goes
/// nowhere near a terminal: it might be escape codes.
#[derive(Debug)]
pub enum FetchError {
    /// The server could not be reached.
    Connect(String),
    /// There was no whole answer in time.
    TimedOut,
    /// The connection ended, or what came over it was not HTTP.
    BrokenOff(String),
    /// The server answered, but not with a flag.
    Status {
        /// What it answered.
        status: StatusCode,
        /// How long it asked to be left alone.
        retry_after: Option<Duration>,
    },
    /// The server sent us round in circles, or elsewhere.
    Redirect(String),
    /// Less arrived than should have.
    Truncated(String),
    /// More arrived than is allowed.
    TooLarge {
        /// How many bytes are allowed.
        limit: u64,
    },
    /// The country's metadata do not tell its name.
    NoName,
    /// The flag arrived, but could not be kept.
    Save {
        /// The file or folder in question.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// The classes in their groups, for people; [`FetchError::class`] names them.
const TREE: &[(&str, &[(&str, &str)])] = &[
    (
        "no answer",
        &[
            ("Connect", "the server could not be reached"),
            ("TimedOut", "no whole answer in time"),
            ("BrokenOff", "the connection ended, or it was not HTTP"),
        ],
    ),
    (
        "a bad answer",
        &[
            ("Status", "a status other than 200 and 404"),
            ("Redirect", "in circles, or to another server"),
            ("Truncated", "less than should have arrived"),
            ("TooLarge", "more than --max-bytes"),
            ("NoName", "metadata without the country's name"),
        ],
    ),
    (
        "a good answer, lost here",
        &[("Save", "it could not be written")],
    ),
];

impl FetchError {
    /// Returns the name of the error's class, as in the tree.
    pub fn class(&self) -> &'static str {
        match self {
            FetchError::Connect(_) => "Connect",
            FetchError::TimedOut => "TimedOut",
            FetchError::BrokenOff(_) => "BrokenOff",
            FetchError::Status { .. } => "Status",
            FetchError::Redirect(_) => "Redirect",
            FetchError::Truncated(_) => "Truncated",
            FetchError::TooLarge { .. } => "TooLarge",
            FetchError::NoName => "NoName",
            FetchError::Save { .. } => "Save",
        }
    }

    /// Says which file or folder the system would not write, and why.
    pub fn save(path: &Path, cause: io::Error) -> FetchError {
        FetchError::Save {
            path: path.to_path_buf(),
            cause,
        }
    }

    /// Tells what kept the blocking client from reading a body.
    ///
    /// `Read` knows one type of error only: the client's is inside.
    pub fn from_read(err: &io::Error) -> FetchError {
        let inner = err.get_ref().and_then(|e| e.downcast_ref());
        match inner {
            Some(err) => FetchError::from_client(err),
            None => FetchError::Truncated(err.to_string()),
        }
    }

    fn from_client(err: &reqwest::Error) -> FetchError {
        if err.is_timeout() {
            FetchError::TimedOut
        } else if err.is_redirect() {
            FetchError::Redirect(root(err))
        } else if err.is_connect() {
            FetchError::Connect(root(err))
        } else if err.is_body() || err.is_decode() {
            FetchError::Truncated(root(err))
        } else {
            FetchError::BrokenOff(root(err))
        }
    }
}

impl From<reqwest::Error> for FetchError {
    fn from(err: reqwest::Error) -> FetchError {
        FetchError::from_client(&err)
    }
}

/// Returns what the innermost cause says: the outer ones repeat the URL.
fn root(err: &reqwest::Error) -> String {
    let mut cause: &dyn Error = err;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            FetchError::Connect(why) => write!(f, "no connection: {why}"),
            FetchError::TimedOut => write!(f, "timed out"),
            FetchError::BrokenOff(why) => write!(f, "no answer: {why}"),
            // The reason beside the number is ours: a server may send any.
            FetchError::Status { status, .. } => write!(f, "{status}"),
            FetchError::Redirect(why) => write!(f, "redirected {why}"),
            FetchError::Truncated(why) => write!(f, "cut short: {why}"),
            FetchError::TooLarge { limit } => {
                write!(f, "larger than {limit} bytes")
            }
            FetchError::NoName => write!(f, "metadata without a name"),
            FetchError::Save { path, cause } => {
                write!(f, "cannot write {}: {cause}", path.display())
            }
        }
    }
}

impl Error for FetchError {}

/// Prints the classes as a tree.
///
/// Source: *Fluent Python*, 2nd ed., ch. 20, which draws HTTPX's.
pub fn print_tree() {
    println!("FetchError");
    for (i, (group, classes)) in TREE.iter().enumerate() {
        let last_group = i + 1 == TREE.len();
        println!(
            "{}{group}",
            if last_group {
                "└── "
            } else {
                "├── "
            }
        );
        let stem = if last_group { "    " } else { "│   " };
        for (k, (class, meaning)) in classes.iter().enumerate() {
            let last = k + 1 == classes.len();
            let branch = if last { "└── " } else { "├── " };
            println!("{stem}{branch}{class:<11}{meaning}");
        }
    }
}
