//! The command line of the section.

use std::error::Error;

use clap::Parser;

/// Errors and throughput against concurrency
#[derive(Parser)]
pub struct Options {
    /// Compare a loop, threads and tasks, for 676 codes
    #[arg(long)]
    items: bool,
}

/// Runs the section.
///
/// # Errors
///
/// There is no port, no folder or no engine.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    match options.items {
        true => super::items(),
        false => super::sweep(),
    }
}
