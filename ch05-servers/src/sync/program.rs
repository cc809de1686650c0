//! The command line of the synchronous finder.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use super::{demo, serve};
use crate::finder::Index;
use crate::serve::program::{self, ServeArgs};

/// The finder's web service, a thread for each client
#[derive(Parser)]
#[command(after_help = "Without --port: the same questions to both.")]
pub struct Args {
    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the comparison without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let Some(port) = args.server.port else {
        demo::demo()?;
        return Ok(ExitCode::SUCCESS);
    };
    // Before it listens: there is no loop that could answer meanwhile.
    let index = Index::new();
    program::run_blocking(&args.server, port, |listener, limits, stop| {
        serve(index, listener, limits, stop)
    })
}
