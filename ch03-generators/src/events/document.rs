//! Where a source stands in a document: both of ours read through this.

use super::event::{Event, Malformed};
use super::token::{Token, token};

/// How many bytes were read, and which elements are open.
#[derive(Default)]
pub struct Document {
    at: usize,
    open: Vec<String>,
    had_root: bool,
}

impl Document {
    /// Reads one token off the front of `rest`: none, one or two events.
    ///
    /// Returns them and how many bytes they were; `None` if more bytes are
    /// needed, or, after the `last` ones, at the end of the document.
    ///
    /// # Errors
    ///
    /// What is wrong, and where. Nothing was read then.
    #[expect(clippy::type_complexity, reason = "used in two places, as it is")]
    pub fn read(
        &mut self,
        rest: &[u8],
        last: bool,
    ) -> Result<Option<([Option<Event>; 2], usize)>, Malformed> {
        let found = token(rest, last)
            .map_err(|(offset, what)| self.malformed(offset, what))?;
        let Some((token, length)) = found else {
            return Ok(None);
        };
        let events = match token {
            Token::Nothing => [None, None],
            // The lines around the root are nobody's text.
            Token::Event(Event::Text(text))
                if self.open.is_empty() && text.trim().is_empty() =>
            {
                [None, None]
            }
            Token::Event(event) => [Some(event), None],
            Token::Empty(name, attributes) => {
                let end = Event::End(name.clone());
                [Some(Event::Start(name, attributes)), Some(end)]
            }
        };
        for event in events.iter().flatten() {
            self.accept(event).map_err(|what| self.malformed(0, what))?;
        }
        self.at += length;
        Ok(Some((events, length)))
    }

    /// Checks that the document may end here.
    ///
    /// # Errors
    ///
    /// What is missing.
    pub fn end(&self) -> Result<(), Malformed> {
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
            Event::Text(_) => {
                if self.open.is_empty() {
                    return Err("text outside of the root");
                }
            }
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
