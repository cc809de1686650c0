//! A source that is pulled: the document is in memory, and is asked for events.

use std::borrow::Cow;

use super::document::Document;
use super::encoding::Decoder;
use super::event::{Event, Malformed};

/// Iterates over the events of a document. An error is the last item.
///
/// A text comes in one piece, unless a comment or CDATA parts it.
pub struct Scanner<'b> {
    text: Cow<'b, [u8]>,
    read: usize,
    decoder: Decoder,
    document: Document,
    /// Where the text is none in its encoding.
    fault: Option<Malformed>,
    /// The end of `<name/>`.
    next: Option<Event>,
    ended: bool,
}

impl<'b> Scanner<'b> {
    /// Makes a scanner that stands at the first of `bytes`.
    pub fn new(bytes: &'b [u8]) -> Self {
        let (decoder, text, fault) = Decoder::whole(bytes);
        Scanner {
            text,
            read: 0,
            document: Document::after(decoder.mark()),
            decoder,
            fault: fault.map(|(at, what)| Malformed { at, what }),
            next: None,
            ended: false,
        }
    }

    fn step(&mut self) -> Result<Option<Event>, Malformed> {
        if let Some(event) = self.next.take() {
            return Ok(Some(event));
        }
        let last = self.fault.is_none();
        while let Some((events, length)) =
            self.document
                .read(&self.text[self.read..], last, &self.decoder)?
        {
            self.read += length;
            let [event, next] = events;
            if event.is_some() {
                self.next = next;
                return Ok(event);
            }
        }
        match self.fault {
            Some(fault) => Err(fault),
            None => self.document.end().map(|()| None),
        }
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
