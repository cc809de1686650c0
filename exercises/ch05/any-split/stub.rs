//! Framing: a message may come in any parts. Yours to finish.
//!
//! cargo xtask exercise ch05 any-split

/// A message longer than the limit was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Makes messages of bytes.
pub struct Messages {
    limit: usize,
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
        // What was there before is forgotten.
        self.kept = bytes.to_vec();
    }

    /// Returns the next message, `None` until it is whole.
    ///
    /// # Errors
    ///
    /// If it is too long, now and from now on.
    pub fn message(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        if self.kept.len() > self.limit + 2 {
            return Err(TooLong);
        }
        // One part is one message only on a quiet day.
        let all = std::mem::take(&mut self.kept);
        Ok(all.get(2..).map(|bytes| bytes.to_vec()))
    }
}
