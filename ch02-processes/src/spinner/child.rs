//! The child: draws on its parent's terminal until its stdin ends.

use std::convert::Infallible;
use std::env;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tour::{Signal, interrupt};

/// Draws until the parent closes the child's stdin, or dies; returns the number
/// of frames.
pub fn run() -> u32 {
    // Ctrl-C reaches the child, too. The parent decides what to do.
    interrupt::ignore(|signal| signal == Signal::CTRL_C);

    let (watching, done) = mpsc::channel();
    // A pipe cannot be read with a time limit, so a thread waits for its end;
    // the thread's sender is dropped with it.
    thread::spawn(move || {
        // An error ends the stream, too: no message can arrive any more.
        io::copy(&mut io::stdin(), &mut io::sink()).ok();
        drop(watching);
    });
    spin("thinking!", &done)
}

/// Draws a frame, waits, draws the next, until the other end of `done` drops.
fn spin(message: &str, done: &Receiver<Infallible>) -> u32 {
    let mut frames = 0;
    for glyph in ['\\', '|', '/', '-'].into_iter().cycle() {
        draw(&format!(" {glyph} {message}\r"));
        let next = done.recv_timeout(Duration::from_millis(100));
        if next == Err(RecvTimeoutError::Disconnected) {
            break;
        }
        frames += 1;
    }
    draw(&format!("{:1$}\r", "", message.len() + 3));
    frames
}

/// Writes to stderr if it is a terminal.
fn draw(text: &str) {
    let mut screen = io::stderr().lock();
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    if screen.is_terminal() && !dumb {
        // A frame that cannot be shown is no reason to stop the work.
        screen.write_all(text.as_bytes()).ok();
    }
}
