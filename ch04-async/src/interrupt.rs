//! What Ctrl-C does: end the program, unless somebody asked to be told.
//!
//! A process has one handler, and a tour has many sections. So the handler is
//! installed once, and a section that wants to tidy up borrows it.

use std::process;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

static LISTENER: Mutex<Option<CancellationToken>> = Mutex::new(None);

/// Installs the handler; to be called once, at the start of `main`.
///
/// The first Ctrl-C cancels the token of [`on_interrupt`], if there is one.
/// Otherwise, and the second time, the program ends with exit status 130.
pub fn install() {
    let installed = ctrlc::set_handler(|| {
        let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
        if !heard(listener.as_ref()) {
            // The terminal shows `^C`; what comes next starts a new line. What
            // a section keeps in files may stay behind.
            eprintln!();
            process::exit(130);
        }
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
    let token = CancellationToken::new();
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(token.clone());
    (token, Listening(()))
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
