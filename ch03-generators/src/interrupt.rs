//! What Ctrl-C does: end the program below the line that shows `^C`, or
//! whatever a server does instead.

use std::io::{self, Write};
use std::process;
use std::sync::{Mutex, PoisonError};

/// The exit status that Ctrl-C means.
const INTERRUPTED: i32 = 130;

type Action = Box<dyn FnOnce() + Send>;

static INSTEAD: Mutex<Option<Action>> = Mutex::new(None);

/// Installs the handler, for SIGTERM too; to be called once, in `main`.
pub fn install() {
    let installed = ctrlc::set_handler(|| {
        let action = INSTEAD
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(action) = action {
            return action();
        }
        // Held until the process is gone, so that nothing follows.
        let mut screen = io::stderr().lock();
        // If the terminal is gone too, there is no line to leave.
        writeln!(screen).ok();
        process::exit(INTERRUPTED);
    });
    // Without the handler Ctrl-C still ends the program, less tidily.
    installed.ok();
}

/// Does `action` at the next Ctrl-C, once: the one after that ends the program.
pub fn instead(action: impl FnOnce() + Send + 'static) {
    let mut instead = INSTEAD.lock().unwrap_or_else(PoisonError::into_inner);
    *instead = Some(Box::new(action));
}
