//! The command line of the section on full pipes.

use std::error::Error;

use clap::Parser;

use crate::child;

/// More bytes than a pipe holds, there and back
#[derive(Parser)]
pub struct Options {
    /// Write everything, then read (hangs)
    #[arg(long)]
    broken: bool,
    /// Be the child that copies stdin to stdout
    #[arg(long, hide = true)]
    cat: bool,
    /// Be the child that reads nothing
    #[arg(long, hide = true)]
    gone: bool,
}

/// Runs the section, or one of its children.
///
/// # Errors
///
/// Any I/O error, or the child's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.cat {
        child::run("--cat", super::cat)
    } else if options.gone {
        child::run("--gone", || Ok(()))
    } else if options.broken {
        super::demo_broken()
    } else {
        super::demo()
    }
}
