//! What a page is told while something runs.

use std::collections::BTreeMap;

use serde::Serialize;
use tokio::sync::mpsc;

/// Where events go; closed when the page is.
pub type Events = mpsc::Sender<Event>;

/// One thing that has happened.
#[derive(Serialize, Clone, Debug)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// It has begun, and this is what to stop it by.
    Started {
        /// The run's number.
        id: u64,
    },
    /// Cargo says what it is doing.
    Build {
        /// One line.
        line: String,
    },
    /// The compiler says something about a place.
    Diagnostic {
        /// The file, from the workspace's root.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The column, counted from 1.
        column: u64,
        /// `error` or `warning`.
        level: String,
        /// The first line of what it says.
        message: String,
        /// All of it, with the colours of a terminal.
        rendered: String,
    },
    /// The program has written to stdout.
    Out {
        /// What it wrote.
        text: String,
    },
    /// The program has written to stderr.
    Err {
        /// What it wrote.
        text: String,
    },
    /// The terminal shows something else.
    Screen {
        /// Its lines.
        text: String,
    },
    /// The schedules of an edit, as the page draws them.
    Schedules {
        /// A figure.
        html: String,
    },
    /// It is over.
    End {
        /// Whether the promise was kept; nothing if there was none to keep.
        kept: Option<bool>,
        /// The verdict in words.
        verdict: String,
        /// Milliseconds from the program's start to its end.
        took: u64,
        /// How often which outcome has come here, by what it shows.
        yours: Option<BTreeMap<String, u32>>,
    },
}

impl Event {
    /// Ends with words and no promise.
    pub fn failed(verdict: impl Into<String>) -> Event {
        Event::End {
            kept: None,
            verdict: verdict.into(),
            took: 0,
            yours: None,
        }
    }
}
