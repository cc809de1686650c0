//! How a program ends early, and what it may do first: a signal that asks it
//! to end, or a reader of its output that has gone.
//!
//! A process has one handler, and a tour has many sections. So the handler is
//! installed once, and a section that wants to tidy up borrows it.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::signals::{self, Signal};

static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);

/// The signal, other than Ctrl-C, that the listener has heard.
static HEARD: Mutex<Option<Signal>> = Mutex::new(None);

struct Listener {
    token: CancellationToken,
    hears: Hears,
    tidy_up: Box<dyn Fn() + Send>,
}

#[derive(Clone, Copy, PartialEq)]
enum Hears {
    CtrlC,
    All,
}

/// Installs the handler for Ctrl-C, SIGTERM and SIGHUP; to be called once, at
/// the start of `main`.
///
/// The first signal cancels the token of [`on_interrupt`], if there is one that
/// hears it. Otherwise, and the second time, the program ends.
pub fn install() {
    let installed = signals::listen(|signal| {
        let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
        if hears(listener.as_ref(), signal) {
            if signal != Signal::CTRL_C {
                *heard() = Some(signal);
            }
            return;
        }
        if let Some(listener) = &*listener {
            (listener.tidy_up)();
        }
        // A terminal shows `^C`, or half a line; what comes next starts a new
        // one. The lock is held to the end: no spinner draws behind it. A log
        // that nobody reads is not waited for.
        let screen = io::stderr().is_terminal().then(|| io::stderr().lock());
        if let Some(mut screen) = screen {
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
        }
        signal.end();
    });
    // Without the handler they still end the program, less tidily.
    installed.ok();
}

/// Tells the listener, and says whether it hears this and that was news to it.
fn hears(listener: Option<&Listener>, signal: Signal) -> bool {
    let listener = listener.filter(|listener| {
        signal == Signal::CTRL_C || listener.hears == Hears::All
    });
    match listener {
        Some(Listener { token, .. }) if !token.is_cancelled() => {
            token.cancel();
            true
        }
        _ => false,
    }
}

fn heard() -> std::sync::MutexGuard<'static, Option<Signal>> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns `status`, unless SIGTERM or SIGHUP was heard: then that ends the
/// program. What Ctrl-C means, the section has decided.
pub fn end(status: ExitCode) -> ExitCode {
    match *heard() {
        Some(signal) => signal.end(),
        None => status,
    }
}

/// Returns a token that Ctrl-C cancels for as long as the guard lives. The other
/// signals end the program.
pub fn on_interrupt() -> (CancellationToken, Listening) {
    listen(Hears::CtrlC, || {})
}

/// Returns a token that any signal cancels, and has something called at a second
/// one, which ends the program: it must not wait.
pub fn on_interrupt_tidying_up(
    tidy_up: impl Fn() + Send + 'static,
) -> (CancellationToken, Listening) {
    listen(Hears::All, tidy_up)
}

fn listen(
    hears: Hears,
    tidy_up: impl Fn() + Send + 'static,
) -> (CancellationToken, Listening) {
    let token = CancellationToken::new();
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = Some(Listener {
        token: token.clone(),
        hears,
        tidy_up: Box::new(tidy_up),
    });
    (token, Listening(()))
}

/// Has something called before a failed `println!` ends the program.
///
/// That is a panic, whose hook ends the program (see `main.rs`): no `Drop` will
/// run after it. After a signal that ends it, too: a terminal that hung up takes
/// no more lines.
pub fn before_a_failed_print_ends_it(
    tidy_up: impl Fn() + Send + Sync + 'static,
) {
    let ends_it = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        if message.starts_with("failed printing to std") {
            tidy_up();
            end(ExitCode::SUCCESS);
        }
        ends_it(info);
    }));
}

/// While this lives, the first signal cancels a token; see [`on_interrupt`].
pub struct Listening(());

impl Drop for Listening {
    fn drop(&mut self) {
        *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listener(hears: Hears) -> Listener {
        Listener {
            token: CancellationToken::new(),
            hears,
            tidy_up: Box::new(|| {}),
        }
    }

    #[test]
    fn the_first_ctrl_c_is_heard_and_the_second_ends_the_program() {
        let listener = listener(Hears::All);
        assert!(hears(Some(&listener), Signal::CTRL_C));
        assert!(listener.token.is_cancelled());
        assert!(!hears(Some(&listener), Signal::CTRL_C));
    }

    #[test]
    fn a_section_that_takes_ctrl_c_for_itself_is_ended_by_the_others() {
        let listener = listener(Hears::CtrlC);
        assert!(!hears(Some(&listener), Signal::TERMINATE));
        assert!(hears(Some(&listener), Signal::CTRL_C));
    }

    #[test]
    fn where_nobody_listens_the_first_one_ends_the_program() {
        assert!(!hears(None, Signal::CTRL_C));
    }
}
