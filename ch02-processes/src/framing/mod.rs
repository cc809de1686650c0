//! Framing with serde: a pipe carries bytes, and frames make messages of them.
//!
//! A frame is one line of JSON: you can type it, and any language reads it. The
//! end of the work is a variant of its own, and not a special job.
//!
//! cargo run -p ch02-processes -- framing

use std::env;
use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest frame that [`receive`] accepts, in bytes. Without a limit a line
/// without an end would fill the memory.
pub const LONGEST: u64 = 16 << 20;

/// A message to a worker.
///
/// `Stop` is compared by value, so it survives serialisation: Python's
/// `object()` comes out of `pickle` as a different object.
///
/// A value that can go to another thread need not be serialisable. A channel's
/// sender is `Send`, and serde refuses it:
///
/// ```compile_fail,E0277
/// let (tx, _rx) = std::sync::mpsc::channel::<u32>();
/// serde_json::to_string(&tx);
/// ```
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Request {
    /// A job.
    Job {
        /// Identifies the job; the answer repeats it.
        id: u64,
        /// The job's input.
        input: String,
    },
    /// There are no more jobs.
    Stop,
}

/// A worker's answer, one for each job.
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
    /// The job was invalid; the worker goes on.
    Failed {
        /// The job's.
        id: u64,
        /// The reason.
        error: String,
    },
}

/// An invalid frame, or no frame.
#[derive(Debug)]
pub enum FrameError {
    /// The stream ended in mid-frame.
    Torn,
    /// More than [`LONGEST`] bytes without a newline.
    TooLong,
    /// A line that is not such a message.
    Garbage(serde_json::Error),
    /// Any I/O error.
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
/// The message cannot be JSON; numbers and text always can.
pub fn encode<T: Serialize>(message: &T) -> io::Result<Vec<u8>> {
    let mut frame = serde_json::to_vec(message)?;
    // JSON writes a newline inside a string as `\n`, so the only newline of a
    // frame is the one at its end.
    frame.push(b'\n');
    Ok(frame)
}

/// Writes a message as one frame, and flushes.
///
/// # Errors
///
/// Any I/O error.
pub fn send<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    // One `write` for the message, not one for each of its pieces.
    to.write_all(&encode(message)?)?;
    to.flush()
}

/// Reads one frame; `None` if the stream ended between two frames.
///
/// # Errors
///
/// [`FrameError`]; the rest of the stream cannot be read as frames then.
pub fn receive<T: DeserializeOwned>(
    from: &mut impl BufRead,
) -> Result<Option<T>, FrameError> {
    let mut frame = Vec::new();
    // One byte above the limit tells the longest frame from a longer one.
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

/// Answers every job with its input in capitals, until a `Stop` arrives.
///
/// # Errors
///
/// An invalid frame, or an I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    // The end of the stream ends the work, too: the parent may have died.
    while let Some(Request::Job { id, input }) = receive(&mut stdin)? {
        let output = input.to_uppercase();
        send(&mut stdout, &Reply::Done { id, output })?;
    }
    Ok(())
}

/// Sends a worker two jobs and a `Stop`, and reads invalid frames.
///
/// # Errors
///
/// Any I/O error.
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
    fn what_is_not_utf_8_is_garbage() {
        let came = receive::<Reply>(&mut &b"\"\xff\"\n"[..]);
        assert!(matches!(came, Err(FrameError::Garbage(_))), "{came:?}");
    }
}
