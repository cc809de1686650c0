//! The command line of the section on too many threads.

use std::error::Error;

use clap::Parser;

use crate::primes::cli::threads;

/// Many threads at once, and a server that has only a few
#[derive(Parser)]
pub struct Options {
    /// How many to start at once, 1 to 1000
    #[arg(long, value_name = "N", default_value_t = 200)]
    #[arg(value_parser = threads(), allow_negative_numbers = true)]
    threads: usize,
}

/// Runs the section.
///
/// # Errors
///
/// The system has not enough threads, or no server.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    super::demo(options.threads)
}
