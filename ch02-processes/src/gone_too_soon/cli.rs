//! The command line of the section on files that are removed too soon.

use std::error::Error;

use clap::Parser;

use crate::child;

/// A file that is removed before a child opens it
#[derive(Parser)]
pub struct Options {
    /// Be the child that opens the file by its name
    #[arg(long, hide = true)]
    child: bool,
    /// Be the child that inherits the open file
    #[arg(long, hide = true)]
    handed: bool,
}

/// Runs the section, or one of its children.
///
/// # Errors
///
/// Any I/O error, or the child's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.child {
        child::run("--child", super::child_by_name)
    } else if options.handed {
        child::run("--handed", super::child_by_handle)
    } else {
        super::demo()
    }
}
