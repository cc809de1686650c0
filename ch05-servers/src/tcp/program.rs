//! The command line of the TCP finder.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{demo, flood, session, start};
use crate::finder::shared::SharedIndex;
use crate::serve::program::{self, ServeArgs, count};
use crate::serve::{Ended, Limits, serve};

/// Find characters by name, one query a line
#[derive(Parser)]
#[command(after_help = "Without --port: a demonstration.")]
pub struct Args {
    #[command(flatten)]
    serve: ServeArgs,

    /// Refuse a line of more bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1024)]
    #[arg(value_parser = count, allow_negative_numbers = true)]
    max_line: usize,

    /// Show this instead of the demonstration
    #[arg(long, value_enum, conflicts_with = "port")]
    show: Option<Show>,
}

/// What else there is to show.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Show {
    /// A session that does not look for the end of its input
    Flood,
    /// When a client can connect: the index first, or the port first
    Start,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let Some(port) = args.serve.port else {
        match args.show {
            Some(Show::Flood) => flood::demo()?,
            Some(Show::Start) => start::demo()?,
            None => demo::demo()?,
        }
        return Ok(ExitCode::SUCCESS);
    };
    program::run(&args.serve, port, async |listener, limits, shutdown| {
        let index = SharedIndex::start();
        finder(listener, limits, args.max_line, index, shutdown).await
    })
}

/// Serves the finder until `shutdown`; an early query waits for the index.
pub async fn finder(
    listener: TcpListener,
    limits: Limits,
    max_line: usize,
    index: SharedIndex,
    shutdown: CancellationToken,
) -> Ended {
    serve(listener, &limits, shutdown, |stream, client| {
        session(stream, client, index.clone(), limits, max_line)
    })
    .await
}
