//! What a signal that asks the program to end does: end it, on a terminal below
//! the line that shows `^C`, or whatever a server does instead.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use crate::signals;

type Action = Box<dyn FnOnce() + Send>;

static INSTEAD: Mutex<Option<Action>> = Mutex::new(None);

/// Installs the handler for Ctrl-C, SIGTERM and SIGHUP; to be called once, in
/// `main`.
pub fn install() {
    let installed = signals::listen(|signal| {
        let action = INSTEAD
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(action) = action {
            return action();
        }
        // Held until the process is gone, so that nothing follows.
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

/// Does `action` at the next signal, once: the one after that ends the program.
pub fn instead(action: impl FnOnce() + Send + 'static) {
    let mut instead = INSTEAD.lock().unwrap_or_else(PoisonError::into_inner);
    *instead = Some(Box::new(action));
}
