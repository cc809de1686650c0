//! A frame decoder. Yours to finish.
//!
//! cargo xtask exercise ch02 frames

/// An error in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A frame of more than `longest` bytes: its length.
    TooLong(u32),
    /// The input ended in mid-frame.
    Cut,
}

/// Decodes frames from bytes.
pub struct Decoder {
    longest: u32,
    kept: Vec<u8>,
}

impl Decoder {
    /// Takes frames of up to `longest` bytes.
    pub fn new(longest: u32) -> Decoder {
        Decoder {
            longest,
            kept: Vec::new(),
        }
    }

    /// Adds bytes that have arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.kept.extend(bytes);
    }

    /// Returns the next frame, if all of it has arrived.
    ///
    /// # Errors
    ///
    /// The frame is too long. The rest of the input cannot be read.
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, Wrong> {
        // Takes all bytes that have arrived for one frame.
        let frame = std::mem::take(&mut self.kept);
        Ok(frame.get(4..).map(<[u8]>::to_vec))
    }

    /// Says whether the input may end here.
    ///
    /// # Errors
    ///
    /// The input ended in mid-frame.
    pub fn end(&self) -> Result<(), Wrong> {
        Ok(())
    }
}
