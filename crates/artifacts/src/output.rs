//! `recorded/NAME.txt`: a command, and what it printed.
//!
//! `cargo xtask record` writes the file; only line 1 may be typed. What the run
//! has to keep is said in [`crate::contract`].

/// One recorded output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Line 1, as a reader types it in the workspace's root.
    pub command: String,
    /// The other lines.
    pub lines: Vec<String>,
}

impl Output {
    /// Reads a file's text.
    pub fn parse(text: &str) -> Output {
        let mut lines = text.lines().map(str::to_string);
        Output {
            command: lines.next().unwrap_or_default(),
            lines: lines.collect(),
        }
    }

    /// Writes it as a file's text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.command);
        for line in &self.lines {
            text += line;
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let text = "cargo run\none\n\ntwo\n";
        assert_eq!(Output::parse(text).text(), text);
        assert_eq!(Output::parse("").lines, [""; 0]);
    }
}
