//! The command line of the tables.

use std::error::Error;

use clap::Parser;

use crate::child;

/// RC4 and SHA-256, by one to four processes
#[derive(Parser)]
pub struct Options {
    /// Print the times for the large buffers of the source
    #[arg(long, exclusive = true)]
    times: bool,
    /// Be a worker
    #[arg(long, hide = true)]
    child: bool,
}

/// Runs the section, or a worker.
///
/// # Errors
///
/// Any I/O error, or a worker's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.child {
        child::run("--child", super::child)
    } else if options.times {
        super::demo_times()
    } else {
        super::demo()
    }
}
