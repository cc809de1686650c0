//! Output: answers on stdout, progress and errors on stderr.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// The reason why a job has no output.
#[derive(Debug, PartialEq)]
pub enum Failure {
    /// The worker returned an error.
    Job(String),
    /// It exceeded its time limit.
    Slow(String),
    /// Two workers died while they ran it.
    Lost(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Job(why) | Failure::Slow(why) | Failure::Lost(why) => {
                f.write_str(why)
            }
        }
    }
}

/// Counts jobs and workers, and prints the answers.
pub struct Report {
    /// Jobs with an output.
    pub done: u64,
    /// Jobs without an output.
    pub failed: u64,
    /// Workers, by how they ended.
    workers: BTreeMap<&'static str, u64>,
    unordered: bool,
    /// The number of the next line to print, and the outputs that wait for it.
    next: u64,
    early: BTreeMap<u64, Option<String>>,
    /// Lines to print that are not yet written.
    ready: String,
    /// When the progress was printed last, if stderr is a terminal.
    shown: Option<Instant>,
}

impl Report {
    /// Starts counting; answers are printed in order, unless `unordered`.
    pub fn new(unordered: bool) -> Report {
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let screen = io::stderr().is_terminal() && !dumb;
        Report {
            done: 0,
            failed: 0,
            workers: BTreeMap::new(),
            unordered,
            next: 1,
            early: BTreeMap::new(),
            ready: String::new(),
            shown: screen.then(Instant::now),
        }
    }

    /// Returns how many jobs have their answer.
    pub fn finished(&self) -> u64 {
        self.done + self.failed
    }

    /// Prints a job's output, or its error.
    ///
    /// Returns how many lines it settled: in order, an early answer settles no
    /// line, and the answer that others wait for settles theirs, too.
    pub fn job(&mut self, id: u64, outcome: Result<String, Failure>) -> u64 {
        let output = match outcome {
            Ok(output) => {
                self.done += 1;
                Some(output)
            }
            Err(why) => {
                self.failed += 1;
                self.note(&format!("line {id}: {why}"));
                None
            }
        };
        self.progress();
        if self.unordered {
            self.print(output);
            return 1;
        }
        self.early.insert(id, output);
        let first = self.next;
        while let Some(output) = self.early.remove(&self.next) {
            self.next += 1;
            self.print(output);
        }
        self.next - first
    }

    /// Counts how a worker ended.
    pub fn worker(&mut self, what: &'static str) {
        *self.workers.entry(what).or_default() += 1;
    }

    /// Returns how many workers ended like this.
    pub fn count(&self, what: &'static str) -> u64 {
        self.workers.get(what).copied().unwrap_or_default()
    }

    /// Prints a line on stderr.
    pub fn note(&mut self, text: &str) {
        self.flush();
        self.clear();
        say(&format!("{}\n", visible(text)));
    }

    /// Prints the counts, the last line of every run.
    pub fn summary(&mut self) {
        let mut text = format!("{} done, {} failed", self.done, self.failed);
        // The program cannot count workers on other machines.
        if !self.workers.is_empty() {
            text += &format!(
                "; workers: {} started, {} died, {} killed, {} recycled",
                self.count("started"),
                self.count("died"),
                self.count("killed"),
                self.count("recycled")
            );
        }
        self.note(&text);
    }

    fn print(&mut self, output: Option<String>) {
        if let Some(output) = output {
            self.ready += &visible(&output);
            self.ready.push('\n');
        }
    }

    /// Writes the collected lines; call it before waiting, so that the reader
    /// gets them, and several lines cost one `write`.
    pub fn flush(&mut self) {
        if !self.ready.is_empty() {
            self.clear();
            print!("{}", self.ready);
            self.ready.clear();
        }
    }

    fn progress(&mut self) {
        let now = Instant::now();
        if let Some(shown) = &mut self.shown
            && now.duration_since(*shown) > Duration::from_millis(100)
        {
            *shown = now;
            say(&format!("\r{} done, {} failed ", self.done, self.failed));
        }
    }

    /// Erases the progress, so that a line can stand in its place.
    fn clear(&self) {
        if self.shown.is_some() {
            say("\r\x1b[K");
        }
    }
}

/// Escapes line ends and control characters as a Rust literal does: `\n`,
/// `\u{1b}`.
///
/// Jobs and answers are untrusted text: neither may look like two lines or like
/// a message of this program.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        match is_hidden(c) {
            true => visible.extend(c.escape_default()),
            false => visible.push(c),
        }
    }
    Cow::Owned(visible)
}

/// Says whether a character is escaped: control characters except the tab, line
/// ends, marks that change the direction of writing, characters without width.
fn is_hidden(c: char) -> bool {
    match c {
        '\t' => false,
        '\u{200b}' | '\u{2060}' | '\u{feff}' => true,
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    }
}

/// Writes to stderr; if it is closed, the message is lost.
fn say(text: &str) {
    io::stderr().lock().write_all(text.as_bytes()).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        for (text, shown) in [
            ("97 is prime", "97 is prime"),
            ("a\tb \u{e9} \u{1f3fd}", "a\tb \u{e9} \u{1f3fd}"),
            ("one\ntwo\r", r"one\ntwo\r"),
            (
                "\u{1b}[31mred\u{9b}0m\u{7f}",
                r"\u{1b}[31mred\u{9b}0m\u{7f}",
            ),
            ("\u{feff}97", r"\u{feff}97"),
            ("\u{202e}79\u{2028}", r"\u{202e}79\u{2028}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
