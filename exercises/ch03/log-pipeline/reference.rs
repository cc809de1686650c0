//! A log pipeline: bytes stay bytes until their newline has come.

use std::collections::BTreeMap;

/// A request that was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The path that was asked for.
    pub path: String,
    /// How it was answered.
    pub status: u16,
    /// How many bytes were sent.
    pub bytes: u64,
}

/// Turns pieces of bytes into lines, without their newlines.
pub fn lines(
    pieces: impl Iterator<Item = Vec<u8>>,
) -> impl Iterator<Item = String> {
    let mut pieces = pieces.fuse();
    let mut kept: Vec<u8> = Vec::new();
    std::iter::from_fn(move || {
        loop {
            if let Some(end) = kept.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = kept.drain(..=end).collect();
                return Some(as_text(&line[..end]));
            }
            match pieces.next() {
                Some(piece) => kept.extend(piece),
                None if kept.is_empty() => return None,
                None => return Some(as_text(&std::mem::take(&mut kept))),
            }
        }
    })
}

fn as_text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

/// Turns lines into records; a broken line is an `Err` with its number.
pub fn records(
    lines: impl Iterator<Item = String>,
) -> impl Iterator<Item = Result<Record, usize>> {
    lines
        .enumerate()
        .map(|(i, line)| record(&line).ok_or(i + 1))
}

fn record(line: &str) -> Option<Record> {
    let (_, rest) = line.split_once("\"GET ")?;
    let (path, rest) = rest.split_once("\" ")?;
    let (status, bytes) = rest.split_once(' ')?;
    Some(Record {
        path: path.to_string(),
        status: status.parse().ok()?,
        bytes: bytes.parse().ok()?,
    })
}

/// Adds up the bytes of each path with status 200; counts the broken lines.
pub fn totals(
    records: impl Iterator<Item = Result<Record, usize>>,
) -> (BTreeMap<String, u64>, usize) {
    let (mut totals, mut broken) = (BTreeMap::new(), 0);
    for record in records {
        match record {
            Ok(record) if record.status == 200 => {
                *totals.entry(record.path).or_default() += record.bytes;
            }
            Ok(_) => {}
            Err(_) => broken += 1,
        }
    }
    (totals, broken)
}
