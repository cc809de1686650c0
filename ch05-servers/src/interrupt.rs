//! What Ctrl-C does: end the program below the line that shows `^C`.

use std::io::{self, IsTerminal, Write};
use std::process;
use std::sync::atomic::{AtomicI32, Ordering};

/// The exit status that Ctrl-C means: 130, unless to be stopped is the plan.
static STATUS: AtomicI32 = AtomicI32::new(130);

/// Installs the handler, for SIGTERM too; to be called once, in `main`.
pub fn install() {
    let installed = ctrlc::set_handler(|| {
        // Held until the process is gone, so that nothing follows.
        let mut screen = io::stderr().lock();
        if screen.is_terminal() {
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
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
