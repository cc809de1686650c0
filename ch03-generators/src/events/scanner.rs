//! A source that is pulled: the document is in memory, and is asked for events.

use super::document::Document;
use super::event::{Event, Malformed};

/// Iterates over the events of a document. An error is the last item.
///
/// A text comes in one piece, unless a comment or CDATA parts it.
pub struct Scanner<'b> {
    rest: &'b [u8],
    document: Document,
    /// The end of `<name/>`.
    next: Option<Event>,
    ended: bool,
}

impl<'b> Scanner<'b> {
    /// Makes a scanner that stands at the first of `bytes`.
    pub fn new(bytes: &'b [u8]) -> Self {
        Scanner {
            rest: bytes,
            document: Document::default(),
            next: None,
            ended: false,
        }
    }

    fn step(&mut self) -> Result<Option<Event>, Malformed> {
        if let Some(event) = self.next.take() {
            return Ok(Some(event));
        }
        while let Some((events, length)) =
            self.document.read(self.rest, true)?
        {
            self.rest = &self.rest[length..];
            let [event, next] = events;
            if event.is_some() {
                self.next = next;
                return Ok(event);
            }
        }
        self.document.end().map(|()| None)
    }
}

impl Iterator for Scanner<'_> {
    type Item = Result<Event, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let step = self.step().transpose();
        self.ended = !matches!(step, Some(Ok(_)));
        step
    }
}
