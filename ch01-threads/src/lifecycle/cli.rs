//! The command line of the section on lifecycles.

use std::io;

use clap::Parser;

/// A thread from spawn to join, and one that panics
#[derive(Parser)]
pub struct Options {
    /// Let main return while a thread is at work
    #[arg(long)]
    leave: bool,
}

/// Runs the section.
///
/// # Errors
///
/// The system has no thread left.
pub fn program(options: Options) -> io::Result<()> {
    if options.leave {
        super::leave();
        return Ok(());
    }
    super::demo()
}
