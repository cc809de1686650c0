//! The spinner's command line.

use clap::Parser;

/// A thread that draws until its channel ends
#[derive(Parser)]
pub struct Options {
    /// Let the slow call fail
    #[arg(long)]
    fail: bool,
}

/// Runs the section.
///
/// # Errors
///
/// The slow call's own.
pub fn program(options: Options) -> Result<(), &'static str> {
    super::demo(if options.fail {
        super::fail
    } else {
        super::slow
    })
}
