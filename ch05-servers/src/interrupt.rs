//! What Ctrl-C does: end the program, unless a server asked to be told.
//!
//! A process has one handler, and a tour has many sections. So the handler is
//! installed once, and a server that wants to drain borrows it.

use std::io::{self, IsTerminal, Write};
use std::process;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// The exit status that Ctrl-C means: 130, unless to be stopped is the plan.
static STATUS: AtomicI32 = AtomicI32::new(130);

static LISTENER: Mutex<Option<CancellationToken>> = Mutex::new(None);

/// Installs the handler, for SIGTERM too; to be called once, in `main`.
///
/// The first Ctrl-C cancels the token of [`on_interrupt`], if there is one.
/// Otherwise, and the second time, the program ends.
pub fn install() {
    let installed = ctrlc::set_handler(|| {
        let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
        // Held until the process is gone, so that nothing follows.
        let mut screen = io::stderr().lock();
        if screen.is_terminal() {
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
        }
        if heard(listener.as_ref()) {
            return;
        }
        // Relaxed: nothing else is published with the status.
        process::exit(STATUS.load(Ordering::Relaxed));
    });
    // Without the handler Ctrl-C still ends the program, less tidily.
    installed.ok();
}

/// Makes Ctrl-C the proper end: exit status 0, as for a server.
pub fn is_the_proper_end() {
    STATUS.store(0, Ordering::Relaxed);
}

/// Returns a token that the first Ctrl-C cancels; the second ends the program.
pub fn on_interrupt() -> CancellationToken {
    let token = CancellationToken::new();
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(token.clone());
    token
}

/// Takes that back: from here on the first one ends the program again.
pub fn nobody_listens() {
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Tells the listener, and says whether that was news to it.
fn heard(listener: Option<&CancellationToken>) -> bool {
    match listener {
        Some(token) if !token.is_cancelled() => {
            token.cancel();
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ctrl_c_is_heard_and_the_second_ends_the_program() {
        let token = CancellationToken::new();
        assert!(heard(Some(&token)));
        assert!(token.is_cancelled());
        assert!(!heard(Some(&token)));
    }

    #[test]
    fn where_nobody_listens_the_first_one_ends_the_program() {
        assert!(!heard(None));
    }
}
