//! The command line of the launch pad.

use std::error::Error;

use clap::Parser;

/// Countdowns at the same time, in one thread
#[derive(Parser)]
pub struct Options {
    /// Run on a clock that jumps over every wait
    #[arg(long)]
    paused: bool,
}

/// Runs the section.
///
/// # Errors
///
/// What a countdown raised.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    super::demo(options.paused)
}
