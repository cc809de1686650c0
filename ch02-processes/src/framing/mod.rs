//! Framing with serde: a pipe carries bytes, serde makes messages of them.
//!
//! A frame is one line of JSON: it can be typed by hand, and any language reads
//! it. The end of the work is a variant of its own, and not a special job.
//!
//! cargo run -p ch02-processes -- framing

use std::env;
use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest frame that is read, in bytes. A longer one is refused: a line
/// without an end would fill the memory.
pub const LONGEST: u64 = 16 << 20;

/// What a worker is sent.
///
/// `Stop` is compared by value, so that it survives the journey: Python's
/// `object()` comes out of `pickle` as a different object.
///
/// What can be sent to a thread need not have bytes. A channel's sender is
/// `Send`, and serde refuses it:
///
/// ```compile_fail,E0277
/// let (tx, _rx) = std::sync::mpsc::channel::<u32>();
/// serde_json::to_string(&tx);
/// ```
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Request {
    /// Do this.
    Job {
        /// Comes back with the answer.
        id: u64,
        /// What to do.
        input: String,
    },
    /// There are no more jobs.
    Stop,
}

/// What a worker answers, once for each job.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// The job's result.
    Done {
        /// The job's.
        id: u64,
        /// Its result.
        output: String,
    },
    /// The job was wrong; the worker is well.
    Failed {
        /// The job's.
        id: u64,
        /// Why.
        error: String,
    },
}

/// What is wrong with what was read.
#[derive(Debug)]
pub enum FrameError {
    /// The stream ended in mid-frame.
    Torn,
    /// More than [`LONGEST`] bytes without an end.
    TooLong,
    /// A line, and no such message.
    Garbage(serde_json::Error),
    /// The system's.
    Io(io::Error),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrameError::Torn => write!(f, "it ended in mid-frame"),
            FrameError::TooLong => {
                write!(f, "a frame of more than {LONGEST} bytes")
            }
            FrameError::Garbage(err) => write!(f, "no frame: {err}"),
            FrameError::Io(err) => write!(f, "{err}"),
        }
    }
}

impl Error for FrameError {}

/// Returns a message's frame.
///
/// # Errors
///
/// The message has no JSON; one made of numbers and text always has.
pub fn encode<T: Serialize>(message: &T) -> io::Result<Vec<u8>> {
    let mut frame = serde_json::to_vec(message)?;
    // JSON writes a newline inside a string as `\n`, so that this is the only
    // one.
    frame.push(b'\n');
    Ok(frame)
}

/// Writes a message as one frame, and flushes.
///
/// # Errors
///
/// The system's.
pub fn send<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    // One write, not one for each piece of the message.
    to.write_all(&encode(message)?)?;
    to.flush()
}

/// Reads one frame; `None` is a stream that ended between two.
///
/// # Errors
///
/// [`FrameError`]; what follows in the stream is not to be trusted then.
pub fn receive<T: DeserializeOwned>(
    from: &mut impl BufRead,
) -> Result<Option<T>, FrameError> {
    let mut frame = Vec::new();
    // One more than is allowed, to tell the longest frame from a longer one.
    let mut limited = from.by_ref().take(LONGEST + 1);
    let n = limited
        .read_until(b'\n', &mut frame)
        .map_err(FrameError::Io)?;
    if n == 0 {
        return Ok(None);
    }
    if frame.last() != Some(&b'\n') {
        let too_long = frame.len() as u64 > LONGEST;
        return Err(if too_long {
            FrameError::TooLong
        } else {
            FrameError::Torn
        });
    }
    serde_json::from_slice(&frame)
        .map(Some)
        .map_err(FrameError::Garbage)
}

/// Answers every job with its input in capitals, until told to stop.
///
/// # Errors
///
/// A frame that is none, or the system's.
pub fn child() -> Result<(), Box<dyn Error>> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    // The end of the stream is an end, too: the parent may have died.
    while let Some(Request::Job { id, input }) = receive(&mut stdin)? {
        let output = input.to_uppercase();
        send(&mut stdout, &Reply::Done { id, output })?;
    }
    Ok(())
}

/// Sends a worker two jobs and the end, and reads what is no frame.
///
/// # Errors
///
/// The system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let mut worker = Command::new(env::current_exe()?)
        .args(["framing", "--child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut to = worker.stdin.take().ok_or("stdin is a pipe")?;
    let from = worker.stdout.take().ok_or("stdout is a pipe")?;
    let mut from = BufReader::new(from);
    for (id, input) in [(1, "one line"), (2, "two\nlines")] {
        let request = Request::Job {
            id,
            input: input.to_string(),
        };
        println!("sent: {}", serde_json::to_string(&request)?);
        send(&mut to, &request)?;
        println!("came: {:?}", receive::<Reply>(&mut from)?);
    }
    println!("sent: {}", serde_json::to_string(&Request::Stop)?);
    send(&mut to, &Request::Stop)?;
    println!("came: {:?}", receive::<Reply>(&mut from)?);
    println!("the worker: success: {}", worker.wait()?.success());

    let torn = &br#"{"done":{"id":1,"out"#[..];
    for mut bytes in [torn, b"Hello!\n", b"{\"done\":{\"id\":-1}}\n"] {
        if let Err(err) = receive::<Reply>(&mut bytes) {
            println!("refused: {err}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_a_stop_on_the_other_side() {
        let mut pipe = Vec::new();
        send(&mut pipe, &Request::Stop).unwrap();
        let came = receive::<Request>(&mut &pipe[..]).unwrap();
        assert_eq!(came, Some(Request::Stop));
    }

    #[test]
    fn the_end_between_two_frames_is_no_error() {
        assert!(matches!(receive::<Request>(&mut &b""[..]), Ok(None)));
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let mut endless = BufReader::new(io::repeat(b'x'));
        let came = receive::<Request>(&mut endless);
        assert!(matches!(came, Err(FrameError::TooLong)), "{came:?}");
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_garbage() {
        let came = receive::<Reply>(&mut &b"\"\xff\"\n"[..]);
        assert!(matches!(came, Err(FrameError::Garbage(_))), "{came:?}");
    }
}
