//! Lines from stdin, in two ways.

use std::io::{self, BufRead};
use std::thread;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc::{self, Receiver};
use tokio::task;

/// Reads stdin in a task, with tokio's own stdin.
///
/// No system has a file that is read without blocking and may be anything: a
/// terminal, a pipe, a file on a disk. tokio reads in a thread of its blocking
/// pool, and a runtime that is dropped waits for that thread: for a line that
/// no line is typed.
pub fn lines_broken() -> Receiver<String> {
    let (tx, lines) = mpsc::channel(1);
    task::spawn(async move {
        let mut typed = BufReader::new(tokio::io::stdin()).lines();
        while let Ok(Some(line)) = typed.next_line().await {
            if tx.send(line).await.is_err() {
                break;
            }
        }
    });
    lines
}

/// Reads stdin in a thread that is never joined.
///
/// The end of `main` ends the process, and with it the thread that still reads.
///
/// # Errors
///
/// There is no thread to be had.
pub fn lines() -> io::Result<Receiver<String>> {
    let (tx, lines) = mpsc::channel(1);
    let reader = thread::Builder::new().name("stdin".to_string());
    reader.spawn(move || {
        // What is not UTF-8 is not a command either; it must not end the shell.
        for line in io::stdin().lock().split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if tx.blocking_send(line).is_err() {
                break;
            }
        }
    })?;
    Ok(lines)
}
