//! The worker's command line.

use std::error::Error;

use clap::Parser;

use crate::child;

/// A worker that starts with a fresh memory
#[derive(Parser)]
pub struct Options {
    /// Print how long a worker takes, from its start to its end
    #[arg(long)]
    times: bool,
    /// Be the worker
    #[arg(long, hide = true)]
    child: bool,
}

/// Runs the section, or the worker.
///
/// # Errors
///
/// Any I/O error, or the worker's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.child {
        child::run("--child", super::child)
    } else if options.times {
        super::demo_times()
    } else {
        super::demo()
    }
}
