//! The pace on the command line.

use std::error::Error;
use std::time::Duration;

use clap::Parser;

use super::{Pace, demo};

/// The slow animals, asked all at once on one thread.
#[derive(Debug, Parser)]
pub struct Options {
    /// How many seconds late the API answers
    #[arg(long, value_name = "S", default_value = "0.2", value_parser = pace)]
    #[arg(allow_negative_numbers = true)]
    delay: Duration,
    /// How many seconds a letter takes
    #[arg(long, value_name = "S", default_value = "0.004", value_parser = pace)]
    #[arg(allow_negative_numbers = true)]
    typing: Duration,
}

/// Runs the section with its command line; see `--help`.
///
/// # Errors
///
/// Those of [`demo`].
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { delay, typing } = options;
    demo(Pace { delay, typing })
}

fn pace(seconds: &str) -> Result<Duration, String> {
    seconds
        .parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|time| *time <= Duration::from_secs(50))
        .ok_or_else(|| "not a time from 0 to 50 s".to_string())
}
