//! The command line of the section on waiting for a future.

use clap::Parser;

/// Waiting for one future, with and without sleep
#[derive(Parser)]
pub struct Options {
    /// End with a future that is never woken
    #[arg(long)]
    forgetful: bool,
}

/// Runs the section.
pub fn program(options: Options) {
    super::demo(options.forgetful);
}
