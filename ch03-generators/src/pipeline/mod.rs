//! A pipeline that pulls: a request at its end sets all of it in motion.
//!
//! New: the source is a file that another program is writing. What has arrived
//! of a line is kept until the rest of it has.
//!
//! cargo run -p ch03-generators -- pipeline

use std::cell::Cell;
use std::error::Error;
use std::io::{self, BufRead, Seek, SeekFrom};
use std::pin::pin;
use std::thread;
use std::time::Duration;

use crate::generator::{Gen, Slot};

pub mod log;

use log::{Log, pieces, text};

/// What flows: a line without its newline, or why none could be read.
pub type Line = io::Result<String>;

/// Yields the lines of a log that is being written, like `tail -f`.
///
/// At the end of the file it calls `more`, which waits until there may be
/// something, and returns whether to look for it or to end.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 1.
pub async fn follow(
    lines: &Slot<Line>,
    mut log: impl BufRead,
    mut more: impl FnMut() -> bool,
) {
    let (mut line, mut open) = (Vec::new(), true);
    loop {
        // Bytes and not text: a piece may end in the middle of a letter.
        match log.read_until(b'\n', &mut line) {
            Err(error) => return lines.yield_(Err(error)).await,
            Ok(_) if line.ends_with(b"\n") => {}
            // Half a line, or nothing. After a last look the rest is one.
            Ok(_) if open => {
                open = more();
                continue;
            }
            Ok(_) if line.is_empty() => return,
            Ok(_) => {}
        }
        lines.yield_(Ok(as_text(&line))).await;
        line.clear();
    }
}

/// Yields whatever `read_until` brings, as if it were a line.
pub async fn follow_broken(
    lines: &Slot<Line>,
    mut log: impl BufRead,
    mut more: impl FnMut() -> bool,
) {
    loop {
        let mut line = Vec::new();
        match log.read_until(b'\n', &mut line) {
            Err(error) => return lines.yield_(Err(error)).await,
            Ok(0) if !more() => return,
            Ok(0) => {}
            Ok(_) => lines.yield_(Ok(as_text(&line))).await,
        }
    }
}

/// Yields the lines with `pattern` in them, and every error.
pub async fn grep(
    found: &Slot<Line>,
    pattern: &str,
    lines: impl Iterator<Item = Line>,
) {
    for line in lines {
        if line.as_ref().map_or(true, |text| text.contains(pattern)) {
            found.yield_(line).await;
        }
    }
}

/// Pulls: counts the lines, and those with `pattern` in them.
///
/// # Errors
///
/// The first one that the source met.
pub fn count(
    pattern: &str,
    lines: impl Iterator<Item = Line>,
) -> io::Result<(usize, usize)> {
    let (all, slot) = (Cell::new(0), Slot::new());
    let lines = lines.inspect(|_| all.set(all.get() + 1));
    let grep = pin!(grep(&slot, pattern, lines));
    let found =
        Gen::new(&slot, grep).try_fold(0, |n, line| line.map(|_| n + 1))?;
    Ok((all.get(), found))
}

fn as_text(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    text.trim_end_matches(['\n', '\r']).to_string()
}

/// Follows a log whose writer appends a piece each time the reader waits, and
/// then one whose writer is a thread that does not wait for the reader.
///
/// # Errors
///
/// The file system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let (old, new) = (text(1, 10), text(2, 200));

    for broken in [true, false] {
        let mut log = Log::create()?;
        log.append(&old)?;
        let mut reader = log.reader()?;
        reader.seek(SeekFrom::End(0))?;
        let mut pieces = pieces(&new, 3);
        let more = || pieces.next().is_some_and(|p| log.append(p).is_ok());
        let slot = Slot::new();
        let (all, found) = if broken {
            let lines = pin!(follow_broken(&slot, reader, more));
            count("python", Gen::new(&slot, lines))?
        } else {
            let lines = pin!(follow(&slot, reader, more));
            count("python", Gen::new(&slot, lines))?
        };
        let what = if broken { "pieces" } else { "lines" };
        println!("{all} {what}, {found} with python");
    }

    let (all, found) = count_from_a_thread(new)?;
    println!("{all} lines, {found} with python, written by a thread");

    for rotating in [false, true] {
        let (all, found) = count_of_a_cut_log(rotating)?;
        let reader = if rotating { "looked for" } else { "missed" };
        println!("{all} lines, {found} with python, the cut {reader}");
    }
    Ok(())
}

/// Counts while another thread writes, without waiting for the reader.
fn count_from_a_thread(new: Vec<u8>) -> io::Result<(usize, usize)> {
    let mut log = Log::create()?;
    let reader = log.reader()?;
    let writer = thread::spawn(move || {
        // The log comes back: dropping it removes the file.
        pieces(&new, 3)
            .try_for_each(|piece| log.append(piece))
            .map(|()| log)
    });
    let counts = {
        let more = || {
            // No file tells that it has grown: the reader has to look again.
            // `follow` does so once more after the writer has ended.
            thread::sleep(Duration::from_millis(1));
            !writer.is_finished()
        };
        let slot = Slot::new();
        let lines = pin!(follow(&slot, reader, more));
        count("python", Gen::new(&slot, lines))
    };
    writer.join().expect("the writer does not panic")?;
    counts
}

/// Counts in a log that is cut after its first twenty lines, and then gets ten.
fn count_of_a_cut_log(rotating: bool) -> io::Result<(usize, usize)> {
    let mut log = Log::create()?;
    log.append(&text(1, 20))?;
    let reader: Box<dyn BufRead> = if rotating {
        Box::new(log.rotating()?)
    } else {
        Box::new(log.reader()?)
    };
    let mut rest = [text(2, 10)].into_iter();
    let more = || {
        rest.next().is_some_and(|new| {
            log.cut().and_then(|()| log.append(&new)).is_ok()
        })
    };
    let slot = Slot::new();
    let lines = pin!(follow(&slot, reader, more));
    count("python", Gen::new(&slot, lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow_all(text: &[u8], cuts: u64) -> Vec<String> {
        let mut log = Log::create().unwrap();
        let reader = log.reader().unwrap();
        let mut pieces = pieces(text, cuts);
        let more = || pieces.next().map(|p| log.append(p).unwrap()).is_some();
        let slot = Slot::new();
        let lines = pin!(follow(&slot, reader, more));
        Gen::new(&slot, lines).map(Result::unwrap).collect()
    }

    #[test]
    fn nothing_is_lost_wherever_the_pieces_are_cut() {
        let text = text(4, 50);
        let expected: Vec<String> = log::lines(4).take(50).collect();
        for cuts in 0..100 {
            assert_eq!(follow_all(&text, cuts), expected, "cuts {cuts}");
        }
    }

    #[test]
    fn a_last_line_without_a_newline_is_a_line() {
        assert_eq!(follow_all(b"one\r\n\ntwo", 1), ["one", "", "two"]);
        assert_eq!(follow_all(b"", 1), [""; 0]);
    }

    #[test]
    fn a_log_that_was_cut_is_read_from_its_new_beginning() {
        assert_eq!(count_of_a_cut_log(true).unwrap().0, 30);
        // Shorter than what was read: as if nothing more had come.
        assert_eq!(count_of_a_cut_log(false).unwrap().0, 20);
    }

    #[test]
    fn an_error_passes_the_filter_and_ends_the_count() {
        let lines = [Ok("a".to_string()), Err(io::Error::other("bad disk"))];
        let error = count("x", lines.into_iter()).unwrap_err();
        assert_eq!(error.to_string(), "bad disk");
    }

    #[test]
    fn nothing_is_read_before_the_first_item_is_asked_for() {
        let log = Log::create().unwrap();
        let (slot, asked) = (Slot::new(), Cell::new(0));
        let more = || {
            asked.set(asked.get() + 1);
            false
        };
        let lines = pin!(follow(&slot, log.reader().unwrap(), more));
        let mut lines = Gen::new(&slot, lines);
        assert_eq!(asked.get(), 0);
        assert!(lines.next().is_none());
        assert_eq!(asked.get(), 1);
    }
}
