//! The command line of the shop, and of the trial.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use hyper::Request;
use hyper::body::Incoming;

use super::demo;
use super::orders::Shop;
use crate::serve::http::{self, Metrics};
use crate::serve::program::{self, ServeArgs, seconds};
use crate::serve::serve;

/// A shop that takes orders, to be put behind a balancer
#[derive(Parser)]
#[command(after_help = "Without --port: three of them behind nginx.")]
pub struct Args {
    /// Write each order to the end of this file
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,

    /// Work so long on a small order, three times as long on a large one
    #[arg(long, value_name = "SECONDS", default_value = "0.01")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    work: Duration,

    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the trial behind nginx without.
///
/// # Errors
///
/// The port or the ledger cannot be had; the message names it.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let Some(port) = args.server.port else {
        return Ok(demo::demo()?);
    };
    let shop = Shop::open(args.ledger.as_deref(), args.work)
        .map_err(|err| format!("{:?}: {err}", args.ledger))?;
    program::run(&args.server, port, async |listener, limits, stop| {
        let metrics = Arc::new(Metrics::default());
        serve(listener, &limits, stop, |stream, session| {
            let (shop, metrics) = (Arc::clone(&shop), Arc::clone(&metrics));
            let answer = move |request: Request<Incoming>| {
                let shop = Arc::clone(&shop);
                async move {
                    shop.answer(request.method(), request.uri().path()).await
                }
            };
            http::connection(stream, session, limits, metrics, answer)
        })
        .await
    })
}
