//! What travels through pipes and sockets: frames, of a length and a text.
//!
//! Lines go one way until the near end has said its last; then one answer comes
//! the other way. As only one end writes at a time, no buffer can fill
//! up while both wait.

use std::io::{self, ErrorKind, Read, Write};

use crate::coroutine::{Raised, Resumable};

use super::{Make, Report};

/// A length that is longer than any line: a peer that sends it speaks another
/// protocol, and no memory is set aside for it.
const LONGEST: usize = 1 << 20;

/// Writes a frame with one call, so that a small line is one system call.
///
/// # Errors
///
/// The carrier's; `InvalidInput` if the text is too long, and nothing is sent.
pub fn write(mut carrier: impl Write, text: &str) -> io::Result<()> {
    if text.len() > LONGEST {
        return Err(ErrorKind::InvalidInput.into());
    }
    let mut frame = (text.len() as u32).to_le_bytes().to_vec();
    frame.extend_from_slice(text.as_bytes());
    carrier.write_all(&frame)?;
    carrier.flush()
}

/// Reads a frame, or `None` if the other side has said its last.
///
/// # Errors
///
/// The carrier's; `UnexpectedEof` if it ends within a frame; `InvalidData` if
/// this is no frame.
pub fn read(mut carrier: impl Read) -> io::Result<Option<String>> {
    let mut length = [0; 4];
    // An end before the first byte is a last word, an end after it is not.
    loop {
        match carrier.read(&mut length[..1]) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    carrier.read_exact(&mut length[1..])?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut text = vec![0; length];
    carrier.read_exact(&mut text)?;
    String::from_utf8(text)
        .map(Some)
        .map_err(|_| ErrorKind::InvalidData.into())
}

/// Runs a stage behind a carrier, and answers with its report or its error.
///
/// # Errors
///
/// The carrier's. The stage is unwound then, and its report is lost.
pub fn far_end(
    lines: impl Read,
    mut answer: impl Write,
    make: Make,
) -> io::Result<()> {
    // Two reads a frame would be two system calls.
    let mut lines = io::BufReader::new(lines);
    match feed(&mut lines, make) {
        Ok(Ok(report)) => write(&mut answer, &format!("+{report}")),
        Ok(Err(raised)) => write(&mut answer, &format!("-{raised}")),
        Err(error) => Err(error),
    }
}

fn feed(
    mut lines: impl Read,
    make: Make,
) -> io::Result<Result<Report, Raised>> {
    let mut stage = match make() {
        Ok(stage) => stage,
        Err(raised) => return Ok(Err(raised)),
    };
    while let Some(line) = read(&mut lines)? {
        if let Err(raised) = stage.send(line).yielded() {
            return Ok(Err(raised));
        }
    }
    Ok(stage.close().and_then(|report| report.ok_or(Raised::Exit)))
}

/// Reads the answer of a far end.
///
/// # Errors
///
/// What its stage raised; that it has gone without a word.
pub fn read_answer(carrier: impl Read) -> Result<Report, Raised> {
    let answer = read(carrier)?
        .ok_or_else(|| Raised::message("the far end left no answer"))?;
    match answer.strip_prefix('+') {
        Some(report) => Ok(report.to_string()),
        None => Err(Raised::message(&answer[answer.len().min(1)..])),
    }
}
