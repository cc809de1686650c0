//! The command line of the section on concurrency and parallelism.

use std::error::Error;

use clap::Parser;

/// Guests, plates and requests: work that waits, and work that needs hands
#[derive(Parser)]
pub struct Options {
    /// Send 676 requests to a slow server, with one thread and with thirty
    #[arg(long)]
    requests: bool,
}

/// Runs the section.
///
/// # Errors
///
/// The server cannot be started, or does not answer.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.requests {
        return super::demo_requests();
    }
    super::demo();
    Ok(())
}
