//! What the child does with its stdin and its parent's terminal.

use std::convert::Infallible;
use std::env;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tour::{Signal, interrupt};

/// Draws until stdin ends, which only the parent can bring about.
pub fn run() {
    // Ctrl-C reaches the child too. It is for the parent to decide.
    interrupt::ignore(|signal| signal == Signal::CTRL_C);

    let (watching, done) = mpsc::channel();
    // A pipe cannot be read with a time limit, so a thread waits for its end,
    // and what the thread owns ends with it.
    thread::spawn(move || {
        // An error is an end, too: nobody can tell the child anything more.
        io::copy(&mut io::stdin(), &mut io::sink()).ok();
        drop(watching);
    });
    spin("thinking!", &done);
}

/// Draws a frame, waits, draws the next, until the other end of `done` drops.
fn spin(message: &str, done: &Receiver<Infallible>) {
    for glyph in ['\\', '|', '/', '-'].into_iter().cycle() {
        draw(&format!(" {glyph} {message}\r"));
        let next = done.recv_timeout(Duration::from_millis(100));
        if next == Err(RecvTimeoutError::Disconnected) {
            break;
        }
    }
    draw(&format!("{:1$}\r", "", message.len() + 3));
}

/// Writes to the terminal, and to nothing else.
fn draw(text: &str) {
    let mut screen = io::stderr().lock();
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    if screen.is_terminal() && !dumb {
        // A frame that cannot be shown is no reason to stop the work.
        screen.write_all(text.as_bytes()).ok();
    }
}
