//! How a shell ends whose stdin is open and silent.

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tour::parent;

/// The last words of a shell, when all that is left is to return from `main`.
pub const BYE: &str = "bye";

/// How long a process may take to start, and to come to its last words.
const START: Duration = Duration::from_secs(20);
/// How long a process may take to end that has nothing left to do.
const END: Duration = Duration::from_secs(3);

/// Starts a shell that ends by itself while it waits for a line; says whether
/// its process had gone before its stdin was closed.
///
/// # Errors
///
/// The shell cannot be started, or does not come to its last words.
pub fn is_gone(program: &Path, reader: &str) -> io::Result<bool> {
    let mut command = Command::new(program);
    command
        .args(["shell", "--live", "--for", "0.1", "--reader", reader])
        .stdout(Stdio::piped());
    // A shell that still reads when this process is gone reads the end of file.
    let mut shell = parent::tie(&mut command).spawn()?;
    let silent = shell.stdin.take();
    let (tx, lines) = mpsc::channel();
    if let Some(stdout) = shell.stdout.take() {
        thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            // Dropping `tx` tells that stdout was closed: the process is gone.
            lines.for_each(|line| drop(tx.send(line)));
        });
    }
    let said = lines.recv_timeout(START).is_ok_and(|line| line == BYE);
    let gone = lines.recv_timeout(END) == Err(RecvTimeoutError::Disconnected);
    if !said {
        // A shell that does not keep to this must not be waited for.
        shell.kill()?;
    }
    // A shell that still reads has reached the end of the file.
    drop(silent);
    shell.wait()?;
    match said {
        true => Ok(gone),
        false => Err(io::Error::other("the shell did not say its last words")),
    }
}
