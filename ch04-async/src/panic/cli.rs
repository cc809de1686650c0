//! The command line of the section on panics.

use std::io;

use clap::Parser;

/// A task that panics, and the tasks that wait for it
#[derive(Parser)]
pub struct Options {
    /// End with exit status 1
    #[arg(long)]
    strict: bool,
}

/// Runs the section.
///
/// # Errors
///
/// A task has panicked, and that is to count; or there is no runtime.
pub fn program(options: Options) -> io::Result<()> {
    super::demo(options.strict)
}
