//! The command line of the carriers.

use std::error::Error;

use clap::Parser;
use tour::parent;

/// One stage in line, in a thread, in a process, behind a socket
#[derive(Parser)]
pub struct Options {
    /// Be the stage's far end, in a process
    #[arg(long, hide = true)]
    far_end: bool,
}

/// Runs the section, or the far end of a carrier.
///
/// # Errors
///
/// The carriers', or that the far end has no near one.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.far_end {
        parent::required_by("--far-end")?;
        return super::serve();
    }
    super::demo()
}
