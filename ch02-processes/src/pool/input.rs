//! Jobs: the lines of a file, read no faster than the workers do them.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::framing::LONGEST;

/// UTF-8's byte order mark, which some editors put before the first line.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The source of the jobs.
pub type Lines = Box<dyn BufRead + Send>;

/// One line of the input.
#[derive(Clone, Debug)]
pub struct Job {
    /// The line's number, from 1.
    pub id: u64,
    /// The line, without its end.
    pub input: String,
}

/// Opens the file, or stdin where there is none.
///
/// # Errors
///
/// There is no such file; the message names it.
pub fn open(file: Option<&Path>) -> Result<Lines, Box<dyn Error>> {
    let Some(path) = file.filter(|path| *path != Path::new("-")) else {
        return Ok(Box::new(BufReader::new(io::stdin())));
    };
    match File::open(path) {
        Ok(file) => Ok(Box::new(BufReader::new(file))),
        Err(err) => Err(format!("{}: {err}", path.display()).into()),
    }
}

/// Reads the next job; `None` is the end. A byte order mark before the first
/// job is skipped.
///
/// # Errors
///
/// Any I/O error.
pub fn next(
    lines: &mut Lines,
    id: u64,
) -> io::Result<Option<Result<Job, String>>> {
    let mut line = Vec::new();
    // JSON may lengthen a line; the frame's own limit is checked later.
    lines
        .by_ref()
        .take(LONGEST + 1)
        .read_until(b'\n', &mut line)?;
    if id == 1 && line.starts_with(MARK) {
        line.drain(..MARK.len());
    }
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        line.pop_if(|byte| *byte == b'\r');
    } else if line.len() as u64 > LONGEST {
        // The rest of a line that is too long is skipped.
        lines.skip_until(b'\n')?;
        return Ok(Some(Err(format!("longer than {LONGEST} bytes"))));
    }
    Ok(Some(match String::from_utf8(line) {
        Ok(input) => Ok(Job { id, input }),
        Err(_) => Err("not UTF-8".to_string()),
    }))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn every_line_is_a_job_or_an_error_even_the_last_without_an_end() {
        let text = &b"1\r\n\n\xff\nlast"[..];
        let mut lines: Lines = Box::new(Cursor::new(text));
        let mut read = || next(&mut lines, 1).unwrap();
        assert_eq!(read().unwrap().unwrap().input, "1");
        assert_eq!(read().unwrap().unwrap().input, "");
        assert_eq!(read().unwrap().unwrap_err(), "not UTF-8");
        assert_eq!(read().unwrap().unwrap().input, "last");
        assert!(read().is_none());
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        let mut lines: Lines = Box::new(Cursor::new("\u{feff}1\n\u{feff}2\n"));
        let mut read =
            |id| next(&mut lines, id).unwrap().unwrap().unwrap().input;
        assert_eq!(read(1), "1");
        // Elsewhere it is an ordinary character.
        assert_eq!(read(2), "\u{feff}2");
        let mut nothing: Lines = Box::new(Cursor::new("\u{feff}"));
        assert!(next(&mut nothing, 1).unwrap().is_none());
    }
}
