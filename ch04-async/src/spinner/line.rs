//! The line on which a spinner turns; dropping it erases it.
//!
//! What happened is also sent to a [`History`], because a task that was
//! aborted can no longer tell.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, Sender};

use tracing::{Span, trace, trace_span};

/// The four pictures of a turning bar.
pub const GLYPHS: &str = r"\|/-";

/// One thing that a spinner did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It drew a frame.
    Frame,
    /// Its loop ended and the code below the loop ran.
    AfterLoop,
    /// Its line was erased.
    Erased,
}

/// A line of the terminal that shows a turning bar and a message.
///
/// Draws on stderr, and only if that is a terminal. Frames are counted either
/// way.
pub struct Line {
    message: &'static str,
    drawn: bool,
    on_screen: bool,
    history: Sender<Event>,
    /// Ends when the line is dropped: a timeline shows how long it lived.
    _waits: Span,
}

impl Line {
    /// Makes a line, on which nothing is drawn yet, and its history.
    pub fn new(message: &'static str) -> (Line, History) {
        let (history, events) = mpsc::channel();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let on_screen = io::stderr().is_terminal() && !dumb;
        let line = Line {
            message,
            drawn: false,
            on_screen,
            history,
            _waits: trace_span!("waits", lane = "spinner"),
        };
        (line, History(events))
    }

    /// Draws a frame over the last one.
    pub fn draw(&mut self, glyph: char) {
        self.drawn = true;
        self.put(&format!("\r{glyph} {}", self.message));
        trace!(lane = "spinner", "frame");
        self.tell(Event::Frame);
    }

    /// Adds an event to the history.
    pub fn tell(&self, event: Event) {
        // That the history's reader is gone is no error.
        self.history.send(event).ok();
    }

    fn put(&self, text: &str) {
        if self.on_screen {
            // A spinner that cannot be drawn must not end what it decorates.
            io::stderr().write_all(text.as_bytes()).ok();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // A spinner that was stopped before its first frame has no line.
        if self.drawn {
            let blank = " ".repeat(self.message.len() + 2);
            self.put(&format!("\r{blank}\r"));
            self.tell(Event::Erased);
        }
    }
}

/// The events of a spinner, for code that outlives it.
///
/// Displays as `31 frames, line erased`.
pub struct History(Receiver<Event>);

impl History {
    /// Takes the events since the last call, in their order.
    pub fn take(&self) -> Vec<Event> {
        self.0.try_iter().collect()
    }

    /// Takes the events since the last call and counts the frames in them.
    pub fn take_frames(&self) -> usize {
        self.take()
            .iter()
            .filter(|&&event| event == Event::Frame)
            .count()
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = self.take();
        let frames = events.iter().filter(|&&event| event == Event::Frame);
        write!(f, "{} frames", frames.count())?;
        for event in events {
            match event {
                Event::Frame => {}
                Event::AfterLoop => write!(f, ", code after the loop")?,
                Event::Erased => write!(f, ", line erased")?,
            }
        }
        Ok(())
    }
}
