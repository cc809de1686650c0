//! Where a source stands in a document: both of ours read through this.

use super::attributes::SPACE;
use super::encoding::Decoder;
use super::event::{Event, Malformed};
use super::token::{Token, Tokens};

/// How many bytes were read, and which elements are open.
#[derive(Default)]
pub struct Document {
    at: usize,
    tokens: Tokens,
    open: Vec<String>,
    had_root: bool,
}

impl Document {
    /// Makes a document of which the mark in front was read.
    pub fn after(mark: usize) -> Self {
        Document {
            at: mark,
            ..Document::default()
        }
    }

    /// Reads one token off the front of `rest`: none, one or two events.
    ///
    /// Returns them and how many bytes they were; `None` if more bytes are
    /// needed, or, after the `last` ones, at the end of the document. The
    /// `decoder` made `rest`, and tells where that was.
    ///
    /// # Errors
    ///
    /// What is wrong, and where. Nothing was read then.
    #[expect(clippy::type_complexity, reason = "used in two places, as it is")]
    pub fn read(
        &mut self,
        rest: &[u8],
        last: bool,
        decoder: &Decoder,
    ) -> Result<Option<([Option<Event>; 2], usize)>, Malformed> {
        let is_outside = self.open.is_empty();
        if is_outside && self.tokens.is_at_text(rest) {
            // The lines around the root are no element's text.
            let is_space = |byte: &&u8| SPACE.contains(&char::from(**byte));
            let length = rest.iter().take_while(is_space).count();
            if length == 0 {
                return Err(self.malformed(0, "text outside of the root"));
            }
            self.tokens.skip();
            self.at += decoder.width(&rest[..length]);
            return Ok(Some(([None, None], length)));
        }
        let found =
            self.tokens.next(rest, last).map_err(|(offset, what)| {
                self.malformed(decoder.width(&rest[..offset]), what)
            })?;
        let Some((token, length)) = found else {
            return Ok(None);
        };
        let events = match token {
            Token::Nothing => [None, None],
            Token::Cdata(_) if is_outside => {
                return Err(self.malformed(0, "CDATA outside of the root"));
            }
            Token::Cdata(text) if text.is_empty() => [None, None],
            Token::Cdata(text) => [Some(Event::Text(text)), None],
            Token::Event(event) => [Some(event), None],
            Token::Empty(name, attributes) => {
                let end = Event::End(name.clone());
                [Some(Event::Start(name, attributes)), Some(end)]
            }
        };
        for event in events.iter().flatten() {
            self.accept(event).map_err(|what| self.malformed(0, what))?;
        }
        self.at += decoder.width(&rest[..length]);
        Ok(Some((events, length)))
    }

    /// Checks that the document may end here.
    ///
    /// # Errors
    ///
    /// What is missing.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.tokens.is_inside() {
            return Err(self.malformed(0, "unexpected end"));
        }
        match (self.had_root, self.open.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(self.malformed(0, "unexpected end")),
            (false, _) => Err(self.malformed(0, "no root")),
        }
    }

    fn accept(&mut self, event: &Event) -> Result<(), &'static str> {
        match event {
            Event::Start(name, _) => {
                if self.open.is_empty() && self.had_root {
                    return Err("a second root");
                }
                self.had_root = true;
                self.open.push(name.clone());
            }
            Event::Text(_) => {}
            Event::End(name) => {
                if self.open.pop().as_ref() != Some(name) {
                    return Err("an end tag of another element");
                }
            }
        }
        Ok(())
    }

    fn malformed(&self, offset: usize, what: &'static str) -> Malformed {
        Malformed {
            at: self.at + offset,
            what,
        }
    }
}
