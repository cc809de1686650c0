//! Child processes that end with their parent, however that ends.
//!
//! A parent that is killed with SIGKILL runs no handler and no `Drop`. What the
//! system does in every case is to close its end of the pipes: a child whose
//! standard input is such a pipe reads the end of it.

use std::error::Error;
use std::io::{self, IsTerminal};
use std::process::{self, Command, Stdio};
use std::thread;

use crate::usage_error;

/// Has a command's process hold a pipe to this one, for [`end_with_stdin`].
///
/// The process gets a process group of its own, too: Ctrl-C on a terminal
/// reaches this one alone, which then ends its children in its own way.
pub fn tie(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.stdin(Stdio::piped())
}

/// Ends this process when its standard input ends, whatever it does by then.
///
/// # Errors
///
/// There is no thread to be had.
pub fn end_with_stdin() -> io::Result<()> {
    thread::Builder::new()
        .name("parent's end".to_string())
        .spawn(|| {
            // An error is an end, too.
            io::copy(&mut io::stdin().lock(), &mut io::sink()).ok();
            process::exit(0);
        })?;
    Ok(())
}

/// Refuses to run a section's child by hand: with `option` it reads a pipe from
/// its parent.
///
/// # Errors
///
/// A usage error, if standard input is a terminal.
pub fn required_by(option: &str) -> Result<(), Box<dyn Error>> {
    match io::stdin().is_terminal() {
        true => Err(usage_error(format_args!(
            "`{option}` needs a parent, not a terminal"
        ))),
        false => Ok(()),
    }
}
