//! The command line of the fib server.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use super::{Fib, Place, demo, rate, run};
use crate::serve::program::{self, ServeArgs};

/// A server that computes Fibonacci numbers the slow way
#[derive(Parser)]
#[command(after_help = "Without --port: one long question, ten short ones.")]
pub struct Args {
    /// Where to compute
    #[arg(long, value_enum, default_value = "offloaded")]
    place: Place,

    /// Count short answers a second, alone and beside long ones
    #[arg(long, conflicts_with = "port")]
    rate: bool,

    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let Some(port) = args.server.port else {
        match args.rate {
            true => rate::demo()?,
            false => demo()?,
        }
        return Ok(ExitCode::SUCCESS);
    };
    let fib = Fib::new(args.place);
    program::run(&args.server, port, |listener, limits, stop| {
        run(fib, listener, limits, stop)
    })
}
