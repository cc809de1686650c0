//! What is wrong with the book, and where.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;

pub use artifacts::suggest::did_you_mean;

/// One fault, printed as `file:line: what`, which editors turn into a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// A path from the workspace's root.
    pub file: String,
    /// Counted from 1; 0 where the fault is about the file as a whole.
    pub line: usize,
    /// What is wrong and, if it can be said, what would be right.
    pub what: String,
}

impl Fault {
    /// Makes a fault.
    pub fn new(
        file: impl Into<String>,
        line: usize,
        what: impl fmt::Display,
    ) -> Self {
        Fault {
            file: file.into(),
            line,
            // Of an error, all causes.
            what: format!("{what:#}"),
        }
    }

    /// Reads the TOML of a file.
    ///
    /// # Errors
    ///
    /// It is none, or has a key that is not known; with its line.
    pub fn or_toml<T: DeserializeOwned>(
        file: &str,
        text: &str,
    ) -> Result<T, Fault> {
        toml::from_str(text).map_err(|err| {
            let line = err.span().map_or(0, |span| line(text, &span));
            Fault::new(file, line, err.message())
        })
    }
}

/// Counts the lines up to the beginning of `span`.
pub fn line(text: &str, span: &Range<usize>) -> usize {
    1 + text[..span.start].matches('\n').count()
}

impl From<Fault> for Vec<Fault> {
    fn from(fault: Fault) -> Self {
        vec![fault]
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what),
            line => write!(f, "{}:{line}: {}", self.file, self.what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_a_link_for_an_editor() {
        assert_eq!(Fault::new("a.md", 3, "x").to_string(), "a.md:3: x");
        assert_eq!(Fault::new("a.md", 0, "x").to_string(), "a.md: x");
    }
}
