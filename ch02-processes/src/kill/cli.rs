//! The command line of the section on killing.

use std::error::Error;

use clap::Parser;

use crate::child;

/// One child is told to end, another is killed
#[derive(Parser)]
pub struct Options {
    /// Be the child that reads its stdin
    #[arg(long, hide = true)]
    child: bool,
    /// Be the child that reads nothing
    #[arg(long, hide = true)]
    deaf_child: bool,
}

/// Runs the section, or one of its children.
///
/// # Errors
///
/// The system's, or the child's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.child {
        child::run("--child", || super::child(false))
    } else if options.deaf_child {
        child::run("--deaf-child", || super::child(true))
    } else {
        super::demo()
    }
}
