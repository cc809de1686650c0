//! It skips the length and takes what follows for a message.

/// A message longer than the limit was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Makes messages of bytes.
pub struct Messages {
    limit: usize,
    /// What was read and is of no returned message.
    kept: Vec<u8>,
}

impl Messages {
    /// Takes messages of up to `limit` bytes.
    pub fn new(limit: usize) -> Messages {
        let kept = Vec::new();
        Messages { limit, kept }
    }

    /// Takes bytes that were read.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.kept.extend(bytes);
    }

    /// Returns the next message, `None` until it is whole.
    ///
    /// # Errors
    ///
    /// If it is too long, now and from now on.
    pub fn message(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        let Some((head, rest)) = self.kept.split_first_chunk() else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes(*head));
        // Before the bytes are waited for: a client cannot make us keep them.
        if length > self.limit {
            self.kept.drain(..2);
            return Err(TooLong);
        }
        let Some(message) = rest.get(..length) else {
            return Ok(None);
        };
        let message = message.to_vec();
        self.kept.drain(..head.len() + length);
        Ok(Some(message))
    }
}
