//! The command line of the section on a leaked guard.

use std::io;

use clap::Parser;

use crate::animals::cli::PaceOptions;

/// A thread that forgets to unlock, and two that wait
#[derive(Parser)]
pub struct Options {
    #[command(flatten)]
    pace: PaceOptions,
    /// Let the others wait for the lock (hangs)
    #[arg(long)]
    for_ever: bool,
}

/// Runs the section.
///
/// # Errors
///
/// The server cannot be started.
pub fn program(options: Options) -> io::Result<()> {
    super::demo(options.pace.pace(), options.for_ever)
}
