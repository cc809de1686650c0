//! What a program says when it panics, or when what it prints has no reader.

use std::env;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::process;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

use crate::interrupt;

/// Reports a panic in one line, and makes a failed `println!` end the program.
///
/// Some sections panic on purpose and explain that one line. With
/// `RUST_BACKTRACE=1` the standard report would bury it under a backtrace of
/// forty; `RUST_BACKTRACE=full` asks for it here.
///
/// Rust ignores SIGPIPE, so that printing to a closed pipe is an error, and
/// `println!` panics on errors. `| head` closes the pipe because it has seen
/// enough: that is no failure. A full disk is.
pub(crate) fn install() {
    let standard = panic::take_hook();
    let in_full = env::var_os("RUST_BACKTRACE").is_some_and(|v| v == "full");
    panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or("no message");
        if message.starts_with("failed printing to std") {
            end_after(message);
        } else if in_full {
            standard(info);
        } else {
            // In one write, so that two panics do not share a line. If stderr
            // is gone, no reader is left.
            io::stderr().write_all(in_a_line(info).as_bytes()).ok();
        }
    }));
}

fn in_a_line(info: &PanicHookInfo) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let lines: Vec<&str> = message.lines().map(str::trim).collect();
    let thread = thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let place = info.location().map(|place| format!(" at {place}"));
    let place = place.unwrap_or_default();
    format!("thread '{name}' panicked{place}: {}\n", lines.join("; "))
}

/// Ends the program after a print that has failed: quietly if it was into a
/// closed pipe, with one line otherwise.
fn end_after(message: &str) -> ! {
    if !is_first() {
        // Another thread is ending the program.
        loop {
            thread::park();
        }
    }
    // A signal that was heard before ends it in its own way: a terminal that
    // hung up takes no more lines.
    interrupt::end_early();
    let closed = ["Broken pipe", "pipe is being closed", "pipe has been"];
    if closed.iter().any(|text| message.contains(text)) {
        process::exit(0);
    }
    // The last word: if stderr is gone too, no reader is left.
    writeln!(io::stderr(), "error: {message}").ok();
    process::exit(1);
}

/// Says whether no other thread's print has failed before: of several that fail
/// at the same time, one reports it.
///
/// A thread may fail twice: in a destructor that its end runs.
fn is_first() -> bool {
    static FIRST: Mutex<Option<ThreadId>> = Mutex::new(None);
    let me = thread::current().id();
    let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
    *first.get_or_insert(me) == me
}
