//! Terminal recordings: what a program wrote to a terminal, and when.
//!
//! The files are asciicasts, version 2: a header, then a line for each write.
//! Only text is made of them: no colours, no cursor.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow, bail};
use serde::{Deserialize, Serialize};

/// How wide a terminal a recording is made on; a page of the book has room for
/// it.
pub const WIDTH: u16 = 72;
/// How high; what scrolls away is not shown.
pub const HEIGHT: u16 = 24;

/// Frames that follow each other faster than this are seen as one.
const BLINK: f64 = 0.04;

/// The first line of a recording.
#[derive(Deserialize, Serialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always 2.
    pub version: u32,
    /// Columns.
    pub width: u16,
    /// Lines.
    pub height: u16,
    /// What was typed.
    pub command: String,
    /// The stamp of the section's code; a key of our own.
    pub section: String,
    /// The day, and the machine; a key of our own.
    pub recorded: String,
}

/// A header, and the writes: seconds, and what was written.
pub struct Cast {
    /// The first line.
    pub header: Header,
    /// The others.
    pub writes: Vec<(f64, String)>,
}

/// What the screen shows from a moment on.
#[derive(Clone, PartialEq, Debug)]
pub struct Frame {
    /// Seconds since the beginning.
    pub at: f64,
    /// The screen's lines, without the empty rest.
    pub text: String,
}

impl Cast {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The line, counted from 1, and what is wrong with it: `3: …`.
    pub fn parse(text: &str) -> Result<Cast> {
        let mut lines = text.lines();
        let header = lines.next().unwrap_or_default();
        let header: Header = serde_json::from_str(header)
            .map_err(|err| anyhow!("1: {err}; record it"))?;
        if header.version != 2 {
            bail!("1: asciicast version {}, not 2", header.version);
        }
        let mut writes: Vec<(f64, String)> = Vec::new();
        for (i, line) in lines.enumerate() {
            let (at, kind, text): (f64, String, String) =
                serde_json::from_str(line)
                    .map_err(|err| anyhow!("{}: {err}", i + 2))?;
            if kind != "o" || writes.last().is_some_and(|(last, _)| *last > at)
            {
                bail!("{}: is no later write", i + 2);
            }
            writes.push((at, text));
        }
        if writes.is_empty() {
            bail!("1: nothing was written; record it");
        }
        Ok(Cast { header, writes })
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// None that anybody has met: all of it is numbers and text.
    pub fn text(&self) -> Result<String> {
        let mut text = serde_json::to_string(&self.header)?;
        for (at, written) in &self.writes {
            // Milliseconds are enough, and short.
            let at = (at * 1000.0).round() / 1000.0;
            text +=
                &format!("\n{}", serde_json::to_string(&(at, "o", written))?);
        }
        Ok(text + "\n")
    }

    /// Returns what was to be seen, without what was too quick for an eye.
    pub fn frames(&self) -> Vec<Frame> {
        let mut screen = self.screen();
        let mut frames: Vec<Frame> = Vec::new();
        for (at, written) in &self.writes {
            screen.process(written.as_bytes());
            let text = shown(&screen);
            match frames.last_mut() {
                Some(last) if last.text == text => {}
                Some(last) if at - last.at < BLINK => last.text = text,
                _ => frames.push(Frame { at: *at, text }),
            }
        }
        // What came in place of a frame may be what was there before it.
        frames.dedup_by(|next, last| next.text == last.text);
        frames
    }

    /// Returns what is on the screen in the end.
    pub fn last(&self) -> String {
        let mut screen = self.screen();
        for (_, written) in &self.writes {
            screen.process(written.as_bytes());
        }
        shown(&screen)
    }

    /// Returns the lines that were seen for a while and are not there in the
    /// end: what moved. Digits are all alike.
    pub fn moved(&self) -> BTreeSet<String> {
        let mut screen = self.screen();
        let mut seen = BTreeSet::new();
        for (_, written) in &self.writes {
            // A line is whole before the cursor leaves it, however the writes
            // were cut.
            for piece in written.split_inclusive(['\r', '\n']) {
                let (text, end) = piece.split_at(piece.len() - 1);
                for part in [text, end] {
                    screen.process(part.as_bytes());
                    seen.extend(shown(&screen).lines().map(alike));
                }
            }
        }
        for line in self.last().lines() {
            seen.remove(&alike(line));
        }
        seen
    }

    /// Checks another run: the same lines in the end, in whatever order, and
    /// some of what moved has moved again. Digits are all alike.
    ///
    /// # Errors
    ///
    /// What differs.
    pub fn agrees(&self, run: &Cast) -> Result<()> {
        let lines = |cast: &Cast| -> Vec<String> {
            cast.last().lines().map(alike).collect()
        };
        let (recorded, new) = (lines(self), lines(run));
        if let Some(line) = new.iter().find(|line| !recorded.contains(line)) {
            bail!("`{line}` was not recorded");
        }
        if let Some(line) = recorded.iter().find(|line| !new.contains(line)) {
            bail!("`{line}` is missing");
        }
        if self.moved().is_disjoint(&run.moved()) {
            bail!("nothing moves as it was recorded");
        }
        Ok(())
    }

    fn screen(&self) -> vt100::Parser {
        vt100::Parser::new(self.header.height, self.header.width, 0)
    }
}

fn shown(screen: &vt100::Parser) -> String {
    let text = screen.screen().contents();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_string()
}

/// Writes every number as `0`.
fn alike(line: &str) -> String {
    let mut text = String::new();
    for c in line.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !text.ends_with('0') {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(writes: &[(f64, &str)]) -> Cast {
        Cast {
            header: Header {
                version: 2,
                width: WIDTH,
                height: HEIGHT,
                command: "cargo run".to_string(),
                section: String::new(),
                recorded: String::new(),
            },
            writes: writes.iter().map(|(t, w)| (*t, w.to_string())).collect(),
        }
    }

    const SPIN: &[(f64, &str)] = &[
        (0.0, "start\r\n"),
        (0.1, " \\ think\r"),
        (0.2, " | think\r"),
        (0.3, "\x1b[Kpid 123\r\n"),
    ];

    #[test]
    fn a_carriage_return_and_an_erased_line_are_frames() {
        let frames = cast(SPIN).frames();
        let texts: Vec<&str> = frames.iter().map(|f| f.text.as_str()).collect();
        let wanted = [
            "start",
            "start\n \\ think",
            "start\n | think",
            "start\npid 123",
        ];
        assert_eq!(texts, wanted);
        assert_eq!(cast(SPIN).moved().len(), 2);
    }

    #[test]
    fn change_too_quick_for_the_eye_is_no_frame() {
        let frames = cast(&[(0.0, "a"), (0.01, "b"), (0.02, "c")]).frames();
        assert_eq!(frames.len(), 1);
        assert_eq!((frames[0].at, frames[0].text.as_str()), (0.0, "abc"));
    }

    #[test]
    fn however_the_writes_are_cut_the_same_moves() {
        let whole: String = SPIN.iter().map(|(_, text)| *text).collect();
        let whole = cast(&[(0.0, whole.as_str())]);
        assert_eq!(whole.moved(), cast(SPIN).moved());
        whole.agrees(&cast(SPIN)).unwrap();
    }

    #[test]
    fn numbers_may_differ_and_words_may_not() {
        let other = |from, to| {
            let changed: Vec<_> = SPIN
                .iter()
                .map(|(t, w)| (*t, w.replace(from, to)))
                .collect();
            let changed: Vec<_> =
                changed.iter().map(|(t, w)| (*t, w.as_str())).collect();
            cast(SPIN)
                .agrees(&cast(&changed))
                .map_err(|why| why.to_string())
        };
        assert_eq!(other("123", "98765"), Ok(()));
        let err = other("start", "begin").unwrap_err();
        assert_eq!(err, "`begin` was not recorded");
        let err = other(" think\r", " thin\r").unwrap_err();
        assert!(err.contains("nothing moves"), "{err}");
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let text = cast(SPIN).text().unwrap();
        assert_eq!(Cast::parse(&text).unwrap().text().unwrap(), text);
    }

    #[test]
    fn bad_file_is_refused_with_its_line() {
        let text = cast(SPIN).text().unwrap();
        let refused = |from: &str, to: &str| {
            let text = text.replacen(from, to, 1);
            let refused = Cast::parse(&text).err()?.to_string();
            refused.split(':').next()?.parse::<usize>().ok()
        };
        assert_eq!(refused("\"version\":2", "\"version\":3"), Some(1));
        assert_eq!(refused("\"width\"", "\"breadth\""), Some(1));
        assert_eq!(refused("[0.2,", "[0.05,"), Some(4));
        assert_eq!(refused("\"o\"", "\"i\""), Some(2));
        assert_eq!(refused("x", "x"), None);
    }
}
