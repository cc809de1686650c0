//! What Ctrl-C does: it reaches every process of the group, and one decides.
//!
//! A terminal sends the signal to parents and children alike. A section with a
//! child listens for it, in both: the child to ignore it, the parent to end and
//! to wait for the child first.

use std::io::{self, Write};
use std::process;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};

static LISTENER: Mutex<Option<Sender<()>>> = Mutex::new(None);

/// Installs the handler; to be called once, at the start of `main`.
///
/// The first Ctrl-C is sent to the receiver of [`listen`], if there is one.
/// Otherwise, and the second time, the program ends with exit status 130.
pub fn install() {
    let installed = ctrlc::set_handler(|| {
        // Taken, so that the second time nobody is asked.
        let listener = LISTENER
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if listener.is_none_or(|tx| tx.send(()).is_err()) {
            // Held until the process is gone, so that nothing follows.
            let mut screen = io::stderr().lock();
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
            process::exit(130);
        }
    });
    // Without the handler Ctrl-C still ends the program, less tidily.
    installed.ok();
}

/// Returns a receiver that is sent the next Ctrl-C, for as long as it lives.
pub fn listen() -> Receiver<()> {
    let (tx, rx) = mpsc::channel();
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = Some(tx);
    rx
}
