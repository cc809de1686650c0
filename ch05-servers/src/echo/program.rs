//! The command line of the echo server.

use std::error::Error;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use super::{demo, serve};

/// A TCP echo server that has one client at a time
#[derive(Parser)]
#[command(after_help = "Without --port: a demonstration with two clients.")]
pub struct Args {
    /// Serve on 127.0.0.1 at this port until Ctrl-C; 0 takes a free one
    #[arg(long, allow_negative_numbers = true)]
    port: Option<u16>,

    /// Cut off a client that sends nothing, or reads nothing, for this long
    #[arg(long, allow_negative_numbers = true)]
    #[arg(value_name = "SECONDS", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=86_400))]
    idle_timeout: u64,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let Some(port) = args.port else {
        demo::demo()?;
        return Ok(ExitCode::SUCCESS);
    };

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|err| format!("cannot listen on 127.0.0.1:{port}: {err}"))?;
    // A signal ends it at once: nothing is kept between two clients, so there is
    // nothing to tidy up.
    println!("listening on {}", listener.local_addr()?);
    let idle = Duration::from_secs(args.idle_timeout);
    serve(listener.incoming(), idle, |line| {
        // A server outlives the reader of its log.
        writeln!(io::stderr(), "{line}").ok();
    });
    Ok(ExitCode::SUCCESS)
}
