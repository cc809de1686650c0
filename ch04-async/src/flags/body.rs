//! Is that all of it? What a body must fulfil to be called whole.

use reqwest::header::{HeaderMap, TRANSFER_ENCODING};

use super::error::FetchError;
use super::pictures::TRAILER;

/// Watches a body go by.
///
/// It does not read it: that is where threads and tasks differ. What to make of
/// the bytes is the same for both.
pub struct Body {
    limit: u64,
    received: u64,
    last: Option<u8>,
    /// Whether HTTP says where the body ends. If it does, the client finds out
    /// whether it was cut short; otherwise the end of the connection is all
    /// there is.
    framed: bool,
}

/// How much of a flag there was.
#[derive(Clone, Copy, Debug)]
pub struct Received {
    /// The size of the body.
    pub bytes: u64,
    /// Whether the server said beforehand where it would end.
    pub length_known: bool,
}

impl Body {
    /// Prepares for a body of which nothing was read yet.
    ///
    /// # Errors
    ///
    /// Too large, by its own account.
    pub fn new(
        length: Option<u64>,
        headers: &HeaderMap,
        limit: u64,
    ) -> Result<Body, FetchError> {
        if length.is_some_and(|length| length > limit) {
            return Err(FetchError::TooLarge { limit });
        }
        Ok(Body {
            limit,
            received: 0,
            last: None,
            framed: length.is_some() || is_chunked(headers),
        })
    }

    /// Takes notice of the next bytes, before they are written.
    ///
    /// # Errors
    ///
    /// Too large by now: a body need not say how long it is, nor ever end.
    pub fn watch(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.received += bytes.len() as u64;
        self.last = bytes.last().copied().or(self.last);
        if self.received > self.limit {
            return Err(FetchError::TooLarge { limit: self.limit });
        }
        Ok(())
    }

    /// Says how much there was, now that there is no more.
    ///
    /// # Errors
    ///
    /// Truncated: nothing came, or no header said how long the body would be and
    /// it does not end as a GIF file ends.
    pub fn end(self) -> Result<Received, FetchError> {
        if self.received == 0 {
            return Err(FetchError::Truncated("nothing came".to_string()));
        }
        if !self.framed && self.last != Some(TRAILER) {
            let why = "no length, and not the end of a GIF file";
            return Err(FetchError::Truncated(why.to_string()));
        }
        Ok(Received {
            bytes: self.received,
            length_known: self.framed,
        })
    }
}

/// Returns whether the body comes in chunks, the last of which says so.
///
/// Another transfer encoding says nothing about the end: that is where the
/// connection ends.
///
/// Source: RFC 9112 §6.3, rule 4.
fn is_chunked(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(TRANSFER_ENCODING).iter().next_back();
    codings
        .and_then(|codings| codings.to_str().ok()?.rsplit(',').next())
        .is_some_and(|last| last.trim().eq_ignore_ascii_case("chunked"))
}
