//! The command line of the section on two locks.

use clap::Parser;

/// Transfers between two accounts, each of which has a lock
#[derive(Parser)]
pub struct Options {
    /// Lock in the order of the money's way (hangs)
    #[arg(long)]
    broken: bool,
}

/// Runs the section.
pub fn program(options: Options) {
    if options.broken {
        super::deadlock();
    } else {
        super::demo();
    }
}
