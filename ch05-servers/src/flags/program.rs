//! The command line of the flag server.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use hyper::Request;
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Flags, Manners, demo};
use crate::serve::http::{self, Metrics};
use crate::serve::program::{self, ServeArgs};
use crate::serve::{Ended, Limits, serve};

/// A server of 676 flags: slow and faulty, on demand
#[derive(Parser)]
#[command(after_help = "Without --port: what it answers.")]
pub struct Args {
    /// Each answer takes at least so long
    #[arg(long, value_name = "SECONDS", default_value = "0")]
    #[arg(value_parser = delay, allow_negative_numbers = true)]
    delay_min: Duration,

    /// Each answer takes at most so long
    #[arg(long, value_name = "SECONDS", default_value = "0")]
    #[arg(value_parser = delay, allow_negative_numbers = true)]
    delay_max: Duration,

    /// Answer this share of the paths with "418 I'm a teapot"
    #[arg(long, value_name = "SHARE", default_value = "0")]
    #[arg(value_parser = share, allow_negative_numbers = true)]
    error_rate: f64,

    /// Decides which, how slow, and how the flags look
    #[arg(long, value_name = "N", default_value_t = 0)]
    #[arg(allow_negative_numbers = true)]
    seed: u64,

    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    if args.delay_min > args.delay_max && args.delay_max > Duration::ZERO {
        eprintln!("error: --delay-min must not exceed --delay-max");
        return Ok(ExitCode::from(2));
    }
    let Some(port) = args.server.port else {
        demo::demo();
        return Ok(ExitCode::SUCCESS);
    };
    let flags = Arc::new(Flags::new(Manners {
        delay: args.delay_min..=args.delay_max.max(args.delay_min),
        error_rate: args.error_rate,
        seed: args.seed,
    }));
    program::run(&args.server, port, async |listener, limits, stop| {
        run(flags, listener, limits, stop).await
    })
}

/// Serves until the token is cancelled.
pub async fn run(
    flags: Arc<Flags>,
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> Ended {
    let metrics = Arc::new(Metrics::default());
    serve(listener, &limits, stop, |stream, session| {
        let (flags, metrics) = (Arc::clone(&flags), Arc::clone(&metrics));
        let answer = move |request: Request<Incoming>| {
            let flags = Arc::clone(&flags);
            async move {
                let path = request.uri().path();
                tokio::time::sleep(flags.delay(path)).await;
                flags.answer(request.method(), path, request.headers())
            }
        };
        http::connection(stream, session, limits, metrics, answer)
    })
    .await
}

fn delay(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 0.0..=60.0) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("must be from 0 to 60 seconds".to_string()),
    }
}

/// Reads a share, from 0 to 1.
///
/// # Errors
///
/// It is none; says what would be.
pub fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share @ 0.0..=1.0) => Ok(share),
        _ => Err("must be from 0 to 1".to_string()),
    }
}
