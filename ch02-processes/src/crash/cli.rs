//! The command line of the section on crashes.

use std::error::Error;

use clap::Parser;

use crate::child;

/// A panic in a thread, and children that abort
#[derive(Parser)]
pub struct Options {
    /// Be the child that aborts
    #[arg(long, hide = true)]
    child: bool,
    /// Be the child in which a thread aborts
    #[arg(long, hide = true)]
    child_with_thread: bool,
}

/// Runs the section, or one of its children.
///
/// # Errors
///
/// An I/O error, or the child's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.child {
        child::run("--child", super::child)
    } else if options.child_with_thread {
        child::run("--child-with-thread", super::child_with_thread)
    } else {
        super::demo()
    }
}
