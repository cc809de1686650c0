//! A log that grows: seeded lines, appended in pieces of any length.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use same_file::Handle;

/// Dice that fall alike in every run, and in Python's twin.
///
/// Source: Knuth's constants for a linear congruential generator.
pub struct Dice(u64);

impl Dice {
    /// Makes dice whose throws follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// Returns a number below `n`, which is small and not zero.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        // The low bits repeat early; the high ones do not.
        (self.0 >> 33) as usize % n
    }
}

const TOPICS: [&str; 6] = ["index", "python", "ply", "swig", "café", "news"];

/// Makes the lines of a web server's log, without their newlines and without
/// an end.
pub fn lines(seed: u64) -> impl Iterator<Item = String> {
    let mut dice = Dice::new(seed);
    std::iter::repeat_with(move || {
        let host = dice.below(256);
        let topic = TOPICS[dice.below(TOPICS.len())];
        let bytes = dice.below(10_000);
        format!("10.0.0.{host} \"GET /{topic}.html\" 200 {bytes}")
    })
}

/// Returns `count` lines as the bytes of a file.
pub fn text(seed: u64, count: usize) -> Vec<u8> {
    let lines: String = lines(seed).take(count).map(|l| l + "\n").collect();
    lines.into_bytes()
}

/// Cuts `text` into pieces of 1 to 80 bytes, at any byte: in the middle of a
/// line, and of a letter.
pub fn pieces(text: &[u8], seed: u64) -> impl Iterator<Item = &[u8]> {
    let (mut dice, mut rest) = (Dice::new(seed), text);
    std::iter::from_fn(move || {
        let cut = rest.len().min(1 + dice.below(80));
        let piece = rest.split_off(..cut)?;
        (cut > 0).then_some(piece)
    })
}

/// A file in the temporary folder; removed when it is dropped.
pub struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Makes an empty file of a new name.
    ///
    /// # Errors
    ///
    /// The system's, when it makes no file.
    pub fn create() -> io::Result<Log> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        // Only the name must differ: no other memory is ordered by it.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("spinning-plates-{}-{number}.log", process::id());
        let path = env::temp_dir().join(name);
        let file = OpenOptions::new().append(true).create(true).open(&path)?;
        // An earlier process of this number may have left one behind.
        file.set_len(0)?;
        Ok(Log { path, file })
    }

    /// Writes `piece` at the end, for readers to find at once.
    ///
    /// # Errors
    ///
    /// The system's, when the disk is full.
    pub fn append(&mut self, piece: &[u8]) -> io::Result<()> {
        self.file.write_all(piece)
    }

    /// Forgets all lines, as a program does that keeps its log short.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(0)
    }

    /// Opens it a second time, to read from its beginning whatever becomes of it.
    ///
    /// # Errors
    ///
    /// The system's, when the file is gone.
    pub fn rotating(&self) -> io::Result<Rotating> {
        Rotating::open(self.path.clone())
    }

    /// Opens it a second time, to read from its beginning.
    ///
    /// # Errors
    ///
    /// The system's, when the file is gone.
    pub fn reader(&self) -> io::Result<BufReader<File>> {
        File::open(&self.path).map(BufReader::new)
    }
}

/// Reads a log that may be cut, or be moved away for a new one of its name, as
/// `tail -F` does.
///
/// Where `follow` finds the end of the file, this looks what has that name now.
/// Another file is read from its beginning, after the rest of the old one. The
/// same file, if it is shorter than what was read of it, begins anew. If there is
/// none for a moment, there is nothing to read for a moment.
///
/// A file that was cut and is already longer again is taken for the old one's
/// continuation: no reader can tell.
pub struct Rotating {
    path: PathBuf,
    file: BufReader<File>,
    /// Which file that is, whatever its name is by now.
    identity: Handle,
    read: u64,
}

impl Rotating {
    fn open(path: PathBuf) -> io::Result<Rotating> {
        let file = File::open(&path)?;
        Ok(Rotating {
            path,
            identity: Handle::from_file(file.try_clone()?)?,
            file: BufReader::new(file),
            read: 0,
        })
    }

    /// Looks what has the name now, and begins with it if it is something new.
    fn look(&mut self) -> io::Result<()> {
        let found = match Rotating::open(self.path.clone()) {
            Ok(found) => found,
            // Between the old one and the new one.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let is_new = if found.identity == self.identity {
            found.file.get_ref().metadata()?.len() < self.read
        } else {
            // Its writer may have written on before it was moved away.
            self.file.fill_buf()?.is_empty()
        };
        if is_new {
            *self = found;
        }
        Ok(())
    }
}

impl BufRead for Rotating {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.file.fill_buf()?.is_empty() {
            self.look()?;
        }
        self.file.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.read += bytes as u64;
        self.file.consume(bytes);
    }
}

/// `BufRead` asks for it.
impl Read for Rotating {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?.read(to)?;
        self.consume(bytes);
        Ok(bytes)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // It is in the temporary folder, which the system empties.
        fs::remove_file(&self.path).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads what there is to read now.
    fn read(reader: &mut Rotating) -> String {
        let mut text = String::new();
        loop {
            let piece = reader.fill_buf().unwrap();
            if piece.is_empty() {
                return text;
            }
            text += std::str::from_utf8(piece).unwrap();
            let length = piece.len();
            reader.consume(length);
        }
    }

    #[test]
    fn a_missing_file_is_not_the_end_of_the_log() {
        let mut log = Log::create().unwrap();
        log.append(b"old\n").unwrap();
        let mut reader = log.rotating().unwrap();
        assert_eq!(read(&mut reader), "old\n");
        fs::remove_file(&log.path).unwrap();
        assert_eq!(read(&mut reader), "");
        assert_eq!(read(&mut reader), "");
        fs::write(&log.path, "new\n").unwrap();
        assert_eq!(read(&mut reader), "new\n");
    }

    #[test]
    fn a_new_file_is_read_whole_however_long_it_is_already() {
        let mut log = Log::create().unwrap();
        log.append(b"old\n").unwrap();
        let mut reader = log.rotating().unwrap();
        assert_eq!(read(&mut reader), "old\n");
        let moved = log.path.with_extension("1");
        fs::rename(&log.path, &moved).unwrap();
        // To the old one, by a writer that has not heard of it.
        log.append(b"late\n").unwrap();
        fs::write(&log.path, "longer than the old one\n").unwrap();
        let both = "late\nlonger than the old one\n";
        assert_eq!(read(&mut reader), both);
        fs::remove_file(moved).unwrap();
    }

    #[test]
    fn a_file_that_was_cut_begins_anew() {
        let mut log = Log::create().unwrap();
        log.append(b"old\n").unwrap();
        let mut reader = log.rotating().unwrap();
        assert_eq!(read(&mut reader), "old\n");
        log.cut().unwrap();
        assert_eq!(read(&mut reader), "");
        log.append(b"new one\n").unwrap();
        assert_eq!(read(&mut reader), "new one\n");
    }
}
