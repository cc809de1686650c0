//! A source that pushes: it is fed pieces of a document as they arrive, and
//! calls back for each event.

use crate::coroutine::Raised;

use super::document::Document;
use super::encoding::Decoder;
use super::event::{Event, Malformed};

/// Parses what it is fed, and hands each event to `emit`.
///
/// Keeps the bytes of one unfinished tag, and of no text or comment: a text is
/// handed on in as many pieces as it came in. A tag of more than 64 KiB is
/// malformed, so that it need not be kept. However small the pieces, each byte
/// is looked at once or twice.
pub struct Parser<F> {
    emit: F,
    document: Option<Document>,
    decoder: Decoder,
    unread: Vec<u8>,
    malformed: Option<Malformed>,
}

impl<F: FnMut(Event) -> Result<(), Raised>> Parser<F> {
    /// Makes a parser at the beginning of a document.
    pub fn new(emit: F) -> Self {
        Parser {
            emit,
            document: None,
            decoder: Decoder::default(),
            unread: Vec::new(),
            malformed: None,
        }
    }

    /// Parses the next bytes, as far as they make sense yet.
    ///
    /// # Errors
    ///
    /// [`Malformed`], then and from then on; or what `emit` raised. Events
    /// before it have been handed over.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), Raised> {
        self.parse(piece, false)
    }

    /// Parses what is left, after which the document has to be complete.
    ///
    /// # Errors
    ///
    /// As for [`Parser::feed`].
    pub fn finish(mut self) -> Result<(), Raised> {
        self.parse(&[], true)?;
        Ok(self.document.unwrap_or_default().end()?)
    }

    fn parse(&mut self, piece: &[u8], last: bool) -> Result<(), Raised> {
        if let Some(malformed) = self.malformed {
            return Err(malformed.into());
        }
        let decoded = self.decoder.decode(piece, last, &mut self.unread);
        // The text before a fault is parsed before the fault is returned.
        let last = last && decoded.is_ok();
        if self.document.is_none() && !self.unread.is_empty() {
            self.document = Some(Document::after(self.decoder.mark()));
        }
        let mut read = 0;
        let outcome = loop {
            let Some(document) = &mut self.document else {
                break Ok(());
            };
            let rest = &self.unread[read..];
            match document.read(rest, last, &self.decoder) {
                Ok(None) => break Ok(()),
                Ok(Some((events, length))) => {
                    read += length;
                    let mut events = events.into_iter().flatten();
                    if let Err(raised) = events.try_for_each(&mut self.emit) {
                        break Err(raised);
                    }
                }
                Err(malformed) => {
                    self.malformed = Some(malformed);
                    break Err(malformed.into());
                }
            }
        };
        self.unread.drain(..read);
        outcome?;
        decoded.map_err(|(at, what)| {
            let malformed = Malformed { at, what };
            self.malformed = Some(malformed);
            malformed.into()
        })
    }
}
