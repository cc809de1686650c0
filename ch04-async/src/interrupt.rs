//! How a program ends early, and what it may do first: Ctrl-C, and a reader
//! that has gone.
//!
//! A process has one handler, and a tour has many sections. So the handler is
//! installed once, and a section that wants to tidy up borrows it.

use std::io::{self, Write};
use std::panic;
use std::process;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);

struct Listener {
    token: CancellationToken,
    tidy_up: Box<dyn Fn() + Send>,
}

/// Installs the handler; to be called once, at the start of `main`.
///
/// The first Ctrl-C cancels the token of [`on_interrupt`], if there is one.
/// Otherwise, and the second time, the program ends with exit status 130.
pub fn install() {
    let installed = ctrlc::set_handler(|| {
        let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
        if heard(listener.as_ref().map(|listener| &listener.token)) {
            return;
        }
        if let Some(listener) = &*listener {
            (listener.tidy_up)();
        }
        // The terminal shows `^C`; what comes next starts a new line. The lock
        // is kept to the end: no spinner draws behind it.
        let mut stderr = io::stderr().lock();
        writeln!(stderr).ok();
        process::exit(130);
    });
    // Without the handler Ctrl-C still ends the program, less tidily.
    installed.ok();
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

/// Returns a token that Ctrl-C cancels for as long as the guard lives.
pub fn on_interrupt() -> (CancellationToken, Listening) {
    on_interrupt_tidying_up(|| {})
}

/// Does as [`on_interrupt`], and has something called at a second Ctrl-C, which
/// ends the program: it must not wait.
pub fn on_interrupt_tidying_up(
    tidy_up: impl Fn() + Send + 'static,
) -> (CancellationToken, Listening) {
    let token = CancellationToken::new();
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = Some(Listener {
        token: token.clone(),
        tidy_up: Box::new(tidy_up),
    });
    (token, Listening(()))
}

/// Has something called before a failed `println!` ends the program.
///
/// That is a panic, whose hook ends the program (see `main.rs`): no `Drop` will
/// run after it.
pub fn before_a_failed_print_ends_it(
    tidy_up: impl Fn() + Send + Sync + 'static,
) {
    let ends_it = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        if message.starts_with("failed printing to std") {
            tidy_up();
        }
        ends_it(info);
    }));
}

/// While this lives, the first Ctrl-C cancels a token; see [`on_interrupt`].
pub struct Listening(());

impl Drop for Listening {
    fn drop(&mut self) {
        *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = None;
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
