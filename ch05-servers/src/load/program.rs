//! The command line of the load generator.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tokio::runtime;

use super::clients::{Echo, Http, connect};
use super::{Arrivals, Plan, demo, report, run};
use crate::serve::program::{count, seconds};

/// A load generator for echo and HTTP servers
#[derive(Parser)]
#[command(after_help = "Without --echo and --http: what both loops see.")]
pub struct Args {
    /// Ask the echo server at this address
    #[arg(long, value_name = "ADDRESS", conflicts_with = "http")]
    echo: Option<SocketAddr>,

    /// Ask the HTTP server at this address
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,

    /// What to ask the HTTP server for
    #[arg(long, default_value = "/", value_parser = path)]
    path: String,

    /// How many bytes to send the echo server
    #[arg(long, value_name = "BYTES", default_value_t = 64)]
    #[arg(value_parser = count, allow_negative_numbers = true)]
    size: usize,

    /// Ask on N connections at once
    #[arg(long, value_name = "N", default_value_t = 64)]
    #[arg(value_parser = count, allow_negative_numbers = true)]
    connections: usize,

    /// Ask for this long
    #[arg(long, value_name = "SECONDS", default_value = "2")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    time: Duration,

    /// Ask N times a second, whether there are answers or not (open loop)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = count)]
    rate: Option<usize>,
}

/// Asks a server, or shows what both loops say.
///
/// # Errors
///
/// No program listens at the address, or there are too many connections.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let arrivals = match args.rate {
        None => Arrivals::Closed,
        Some(n) => Arrivals::Open {
            per_second: n as f64,
        },
    };
    let plan = Plan {
        connections: args.connections,
        time: args.time,
        arrivals,
    };
    let (Some(address), is_echo) =
        (args.echo.or(args.http), args.echo.is_some())
    else {
        demo::demo()?;
        return Ok(ExitCode::SUCCESS);
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let asked = runtime.block_on(async {
        if is_echo {
            let size = args.size;
            let connect = move || async move {
                Ok(Echo::new(connect(address).await?, size))
            };
            run(plan, connect).await
        } else {
            let path: Arc<str> = args.path.into();
            let connect = move || {
                let path = Arc::clone(&path);
                async move { Ok(Http::new(connect(address).await?, &path)) }
            };
            run(plan, connect).await
        }
    });
    let asked = asked.map_err(|err| format!("cannot ask {address}: {err}"))?;
    print!("{}", report::text(&asked));
    Ok(ExitCode::from(u8::from(asked.errors > 0)))
}

fn path(text: &str) -> Result<String, String> {
    let ok =
        text.starts_with('/') && text.bytes().all(|b| b.is_ascii_graphic());
    match ok {
        true => Ok(text.to_string()),
        false => Err("must start with / and hold no spaces".to_string()),
    }
}
