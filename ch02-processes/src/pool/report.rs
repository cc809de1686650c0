//! What a person sees: answers on stdout, all the rest on stderr.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Why a job has no output.
#[derive(Debug, PartialEq)]
pub enum Failure {
    /// The worker says so.
    Job(String),
    /// It took too long.
    Slow(String),
    /// Two workers died of it.
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

/// Counts and prints.
pub struct Report {
    /// Jobs with an output.
    pub done: u64,
    /// Jobs without.
    pub failed: u64,
    /// Workers by what became of them.
    workers: BTreeMap<&'static str, u64>,
    unordered: bool,
    /// The next line to print; of lines that wait for it, the output.
    next: u64,
    early: BTreeMap<u64, Option<String>>,
    /// Lines that are due, and not yet written.
    ready: String,
    /// When progress was shown last, if it is shown at all.
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

    /// Prints a job's output, or why it has none.
    ///
    /// Returns how many lines are done with: in order, an early one is not, and
    /// the one that all others wait for brings them along.
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

    /// Counts what became of a worker.
    pub fn worker(&mut self, what: &'static str) {
        *self.workers.entry(what).or_default() += 1;
    }

    /// Returns how many workers ended like this.
    pub fn count(&self, what: &'static str) -> u64 {
        self.workers.get(what).copied().unwrap_or_default()
    }

    /// Prints a line for a person.
    pub fn note(&mut self, text: &str) {
        self.flush();
        self.clear();
        say(&format!("{}\n", visible(text)));
    }

    /// Prints the counts, the last line of every run.
    pub fn summary(&mut self) {
        let mut text = format!("{} done, {} failed", self.done, self.failed);
        // Workers on other machines are counted by nobody.
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

    /// Writes the lines that are due: to be called before waiting, so that a
    /// reader has what there is, and many at once cost one write.
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

    /// Takes the progress away, so that a line can stand in its place.
    fn clear(&self) {
        if self.shown.is_some() {
            say("\r\x1b[K");
        }
    }
}

/// Escapes what would be no part of one line, or changes how a terminal shows
/// it, as a Rust literal has it: `\n`, `\u{1b}`.
///
/// A job and an answer are strangers' text: neither may pass for two lines, or
/// for this program's own words.
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

/// Tells control characters but the tab, line ends of any kind, what changes
/// the direction of writing, and what takes no space at all.
fn is_hidden(c: char) -> bool {
    match c {
        '\t' => false,
        '\u{200b}' | '\u{2060}' | '\u{feff}' => true,
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    }
}

/// Writes to stderr; whoever closed that does not want to know.
fn say(text: &str) {
    io::stderr().lock().write_all(text.as_bytes()).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
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
