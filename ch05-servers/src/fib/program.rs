//! The command line of the fib server.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use super::{Fib, Place, demo, run};
use crate::serve::program::{self, ServeArgs, parse};

/// A server that computes Fibonacci numbers the slow way
#[derive(Parser)]
#[command(after_help = "Without --port: one long question, ten short ones.")]
#[command(no_binary_name = true, name = "fib")]
#[command(bin_name = "cargo run -p ch05-servers -- fib")]
struct Args {
    /// Where to compute
    #[arg(long, value_enum, default_value = "offloaded")]
    place: Place,

    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let args: Args = match parse(args) {
        Ok(args) => args,
        Err(status) => return Ok(status),
    };
    let Some(port) = args.server.port else {
        demo()?;
        return Ok(ExitCode::SUCCESS);
    };
    let fib = Fib::new(args.place);
    program::run(&args.server, port, |listener, limits, stop| {
        run(fib, listener, limits, stop)
    })
}
