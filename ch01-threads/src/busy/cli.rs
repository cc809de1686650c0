//! The command line of the section on a busy main thread.

use clap::Parser;

/// A spinner beside a main thread that computes
#[derive(Parser)]
pub struct Options {
    /// Test one large prime, and count the spinner's frames per second
    #[arg(long)]
    prime: bool,
}

/// Runs the section.
pub fn program(options: Options) {
    if options.prime {
        super::demo_prime();
    } else {
        super::demo();
    }
}
