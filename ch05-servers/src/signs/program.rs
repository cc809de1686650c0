//! The command line of the signs.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::net::TcpListener;

use super::{Delay, Signs, demo, run};
use crate::finder::Index;
use crate::raw_client::runtime;
use crate::serve::program::{self, ServeArgs, count, seconds};

/// The names of the signs, served with a delay
#[derive(Parser)]
#[command(after_help = "Without --port: both delays, under load.")]
pub struct Args {
    /// Put the thread to sleep for so long before each answer
    #[arg(long, value_name = "SECONDS", conflicts_with = "waiting")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    blocking: Option<Duration>,

    /// Await a timer for so long before each answer
    #[arg(long, value_name = "SECONDS", default_value = "0.1")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    waiting: Duration,

    /// Work on at most so many answers at once
    #[arg(long, value_name = "N", default_value_t = 1000)]
    #[arg(value_parser = count, allow_negative_numbers = true)]
    concurrency: usize,

    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the load without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let Some(port) = args.server.port else {
        demo::demo()?;
        return Ok(ExitCode::SUCCESS);
    };
    let waiting = Delay::Waiting(args.waiting);
    let delay = args.blocking.map_or(waiting, Delay::Blocking);
    let signs = Signs::new(Index::new(), delay, args.concurrency);
    program::run_blocking(&args.server, port, |listener, limits, stop| {
        // One thread: with more, more of them can be blocked.
        runtime()?.block_on(async {
            listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(listener)?;
            Ok(run(signs, listener, limits, stop).await)
        })
    })
}
