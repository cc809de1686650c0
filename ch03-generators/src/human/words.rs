//! Where the human's words come from: a script, or the keyboard.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Read};

use clap::Parser;

/// Without options the section plays itself, so that the tour ends.
const SCRIPT: &str =
    "tea,laundry,tea,wait,tea,wait,laundry,wait,tea,wait,laundry";

/// What a human says to the loop.
#[derive(Debug, PartialEq, Eq)]
pub enum Words {
    /// Was said before.
    Script(VecDeque<String>),
    /// Will be typed.
    Keyboard,
}

/// An event loop made of a person: you pick which task runs, and when
#[derive(Parser)]
#[command(after_help = "\
Words:
  tea, laundry  resume this task, be it due or not
  wait          let time pass until a task is due")]
pub struct Options {
    /// Read the words from the keyboard, one a line
    #[arg(long, overrides_with = "script")]
    play: bool,
    /// Take these words instead of the section's own
    #[arg(long, value_name = "W,W,...", overrides_with = "play")]
    script: Option<String>,
}

impl From<Options> for Words {
    fn from(options: Options) -> Words {
        match options.script {
            _ if options.play => Words::Keyboard,
            Some(script) => Words::script(&script),
            None => Words::script(SCRIPT),
        }
    }
}

impl Words {
    pub(super) fn script(words: &str) -> Self {
        let words = words.split(',').map(str::trim);
        let words = words.filter(|word| !word.is_empty());
        Words::Script(words.map(str::to_string).collect())
    }

    /// Returns the next word, or nothing at the end, and shows it if nobody
    /// has seen it being typed.
    ///
    /// # Errors
    ///
    /// The keyboard's.
    pub fn read(&mut self) -> io::Result<Option<String>> {
        let word = match self {
            Words::Script(words) => words.pop_front(),
            Words::Keyboard if io::stdin().is_terminal() => {
                eprint!("> ");
                let word = read_word(io::stdin().lock())?;
                if word.is_none() {
                    // Ctrl-D leaves the cursor behind the prompt.
                    eprintln!();
                }
                return Ok(word);
            }
            Words::Keyboard => read_word(io::stdin().lock())?,
        };
        if let Some(word) = &word {
            println!("> {word}");
        }
        Ok(word)
    }
}

/// Reads a line that is not empty, made fit to be printed.
fn read_word(mut input: impl BufRead) -> io::Result<Option<String>> {
    loop {
        let mut line = Vec::new();
        // A line without an end is cut off: it is no word in any case.
        let mut limited = Read::by_ref(&mut input).take(80);
        if limited.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let word = line.trim().replace(char::is_control, "\u{fffd}");
        if !word.is_empty() {
            return Ok(Some(word));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_are_words() {
        let mut input = &b"tea\r\n\n  \n\xff\x1b[2J\nlaundry"[..];
        let mut word = || read_word(&mut input).unwrap();
        assert_eq!(word().unwrap(), "tea");
        assert_eq!(word().unwrap(), "\u{fffd}\u{fffd}[2J");
        assert_eq!(word().unwrap(), "laundry");
        assert_eq!(word(), None);
        assert_eq!(word(), None);
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let mut input = io::BufReader::new(io::repeat(b'x'));
        let word = read_word(&mut input).unwrap().unwrap();
        assert_eq!(word.len(), 80);
    }

    #[test]
    fn the_last_option_counts() {
        let parse = |words: &str| {
            let words = ["human"].into_iter().chain(words.split_whitespace());
            Options::try_parse_from(words).map(Words::from)
        };
        assert_eq!(parse("").unwrap(), Words::script(SCRIPT));
        assert_eq!(parse("--play").unwrap(), Words::Keyboard);
        let script = Words::Script(["tea".into(), "wait".into()].into());
        assert_eq!(parse("--play --script tea,,wait").unwrap(), script);
        let typed = parse("--script tea --play").unwrap();
        assert_eq!(typed, Words::Keyboard);
        let error = parse("--script").unwrap_err().to_string();
        assert!(error.contains("--script"), "{error}");
    }
}
