//! The command line of the section.

use std::io;

use clap::Parser;

use crate::clock;

/// A spinner beside a slow call, and ways to stop it
#[derive(Parser)]
pub struct Options {
    /// Run on a clock that jumps over every wait
    #[arg(long)]
    paused: bool,
    /// Show the other ways: from the slow task, by dropping a handle or a future
    #[arg(long)]
    more: bool,
}

/// Runs the section.
///
/// # Errors
///
/// The runtime cannot be made.
pub fn program(options: Options) -> io::Result<()> {
    match options.more {
        true => clock::block_on(options.paused, super::more()),
        false => clock::block_on(options.paused, super::demo()),
    }
}
