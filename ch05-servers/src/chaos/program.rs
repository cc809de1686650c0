//! The command line of the proxy.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use super::{Chaos, demo};
use crate::flags::program::share;
use crate::serve::program::{self, ServeArgs, seconds};
use crate::serve::serve;

/// A proxy that is slow and faulty, before a server that is not
#[derive(Parser)]
#[command(after_help = "Without --port: a hundred downloads through it.")]
pub struct Args {
    /// Ask the HTTP server at this address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8001")]
    upstream: SocketAddr,

    /// Answer this share of the paths late
    #[arg(long, value_name = "SHARE", default_value = "0.5")]
    #[arg(value_parser = share, allow_negative_numbers = true)]
    late: f64,

    /// Answer this share of the paths with an error
    #[arg(long, value_name = "SHARE", default_value = "0.25")]
    #[arg(value_parser = share, allow_negative_numbers = true)]
    errors: f64,

    /// End this share of the answers a byte too early
    #[arg(long, value_name = "SHARE", default_value = "0")]
    #[arg(value_parser = share, allow_negative_numbers = true)]
    cut: f64,

    /// How late
    #[arg(long, value_name = "SECONDS", default_value = "0.5")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    delay: Duration,

    /// Decides which paths
    #[arg(long, value_name = "N", default_value_t = 0)]
    #[arg(allow_negative_numbers = true)]
    seed: u64,

    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the proxy with `--port`, a hundred downloads without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let shares = [args.late, args.errors, args.cut];
    if shares.iter().sum::<f64>() > 1.0 {
        eprintln!("error: --late, --errors and --cut must not exceed 1");
        return Ok(ExitCode::from(2));
    }
    let Some(port) = args.server.port else {
        demo::demo()?;
        return Ok(ExitCode::SUCCESS);
    };
    let chaos = Chaos {
        upstream: args.upstream,
        shares,
        delay: args.delay,
        seed: args.seed,
    };
    program::run(&args.server, port, async |listener, limits, stop| {
        serve(listener, &limits, stop, |client, _| async move {
            chaos.pass(client, limits).await
        })
        .await
    })
}
