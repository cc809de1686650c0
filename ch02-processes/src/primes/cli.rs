//! The command line of the primes.

use std::error::Error;

use clap::Parser;

use crate::child;

/// Prime numbers, checked by a pool of processes
#[derive(Parser)]
pub struct Options {
    /// Print the answers in the order of the numbers
    #[arg(long)]
    ordered: bool,
    /// Print when each answer arrives, in order and as they arrive
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
    } else if options.ordered {
        super::demo_ordered()
    } else {
        super::demo()
    }
}
