//! The command line of the section on `spawn`.

use clap::Parser;

/// A thread that adds, and its answer
#[derive(Parser)]
pub struct Options {
    /// Join a thread that panics
    #[arg(long, conflicts_with = "forget")]
    fail: bool,
    /// Return from main without joining the thread
    #[arg(long)]
    forget: bool,
}

/// Runs the section.
///
/// # Errors
///
/// None.
pub fn program(options: Options) -> Result<(), std::convert::Infallible> {
    match options {
        Options { fail: true, .. } => super::fail(),
        Options { forget: true, .. } => super::forget(),
        _ => super::sum(),
    }
    Ok(())
}
