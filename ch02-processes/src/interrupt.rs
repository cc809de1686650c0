//! What a signal that asks a program to end does to a parent and its children.
//!
//! A terminal sends Ctrl-C to parents and children alike, and the parent alone
//! decides what it means: it ends, and its children with it.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::signals::{self, Signal};

/// The exit status of a program that was interrupted.
const INTERRUPTED: u8 = 130;

/// What the handler does with the next signal.
struct Plan {
    ignores: fn(Signal) -> bool,
    listener: Option<Sender<()>>,
    /// What the listener heard.
    heard: Option<Signal>,
}

static PLAN: Mutex<Plan> = Mutex::new(Plan {
    ignores: |_| false,
    listener: None,
    heard: None,
});

fn plan() -> MutexGuard<'static, Plan> {
    PLAN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Installs the handler for Ctrl-C, SIGTERM and SIGHUP; to be called once, at
/// the start of `main`.
///
/// The first signal is sent to the receiver of [`listen`], if there is one.
/// Otherwise, and the second time, the program ends.
pub fn install() {
    // Without the handler a signal still ends the program, less tidily.
    signals::listen(handle).ok();
}

fn handle(signal: Signal) {
    let mut plan = plan();
    if (plan.ignores)(signal) {
        return;
    }
    // Taken, so that the second signal ends the program.
    let listener = plan.listener.take();
    if listener.is_some_and(|tx| tx.send(()).is_ok()) {
        plan.heard = Some(signal);
        return;
    }
    // A terminal shows `^C`; what comes next starts a new line. The lock is
    // held until the process is gone, so that nothing follows.
    let screen = io::stderr().is_terminal().then(|| io::stderr().lock());
    if let Some(mut screen) = screen {
        // If the terminal is gone too, there is no line to leave.
        writeln!(screen).ok();
    }
    signal.end();
}

/// Returns `status`, unless it says that a signal other than Ctrl-C interrupted
/// the program: then that signal ends it, so that its parent sees which it was.
pub fn end(status: ExitCode) -> ExitCode {
    let heard = plan().heard;
    match heard {
        Some(signal)
            if signal != Signal::CTRL_C
                && status == ExitCode::from(INTERRUPTED) =>
        {
            signal.end()
        }
        _ => status,
    }
}

/// Returns a receiver that is sent the next signal, for as long as it lives.
pub fn listen() -> Receiver<()> {
    let (tx, rx) = mpsc::channel();
    plan().listener = Some(tx);
    rx
}

/// Makes this process ignore Ctrl-C: its parent hears it too, and ends it.
pub fn leave_to_parent() {
    plan().ignores = |signal| signal == Signal::CTRL_C;
}

/// Makes this process ignore every signal that can be ignored.
pub fn ignore_all() {
    plan().ignores = |_| true;
}
