//! The command line of the section on two locks.

use clap::Parser;

/// Transfers between two accounts, each of which has a lock
#[derive(Parser)]
pub struct Options {
    /// Lock the payer's account first (hangs)
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
