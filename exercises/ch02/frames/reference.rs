//! A frame decoder: it takes a frame's bytes once all of them have arrived.

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
        let Some((length, rest)) = self.kept.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*length);
        // Checked before the decoder waits for the bytes or stores them.
        if length > self.longest {
            return Err(Wrong::TooLong(length));
        }
        let Some(frame) = rest.get(..length as usize) else {
            return Ok(None);
        };
        let frame = frame.to_vec();
        self.kept.drain(..4 + frame.len());
        Ok(Some(frame))
    }

    /// Says whether the input may end here.
    ///
    /// # Errors
    ///
    /// The input ended in mid-frame.
    pub fn end(&self) -> Result<(), Wrong> {
        match self.kept.is_empty() {
            true => Ok(()),
            false => Err(Wrong::Cut),
        }
    }
}
