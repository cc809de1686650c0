//! The command line of the primes.

use clap::Parser;
use clap::builder::{RangedU64ValueParser, TypedValueParser};

/// Large numbers, tested in turn and by several threads
#[derive(Parser)]
pub struct Options {
    /// How many threads test, 1 to 1000 [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads())]
    #[arg(allow_negative_numbers = true)]
    workers: Option<usize>,
    /// Test the source's twenty numbers in turn, and print the time of each
    #[arg(long, conflicts_with = "workers")]
    times: bool,
}

/// Runs the section.
pub fn program(options: Options) {
    if options.times {
        super::demo_times();
    } else {
        super::demo(options.workers);
    }
}

/// Reads a number of threads.
pub fn threads() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::new().range(1..=1000)
}
