//! What every source of XML says, and what it says of bad XML.

use std::error::Error;
use std::fmt;

/// One thing that a parser met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `<name key="value">`, with its attributes in order.
    Start(String, Vec<(String, String)>),
    /// Text, or a piece of one: a parser may cut it anywhere.
    Text(String),
    /// `</name>`, also for `<name/>`.
    End(String),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Event::Start(name, attributes) => {
                write!(f, "start {name}")?;
                attributes
                    .iter()
                    .try_for_each(|(k, v)| write!(f, " {k}={v}"))
            }
            Event::Text(text) => write!(f, "text {text}"),
            Event::End(name) => write!(f, "end {name}"),
        }
    }
}

/// A document that is not well formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// How many bytes come before what is wrong.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "byte {}: {}", self.at, self.what)
    }
}

impl Error for Malformed {}
