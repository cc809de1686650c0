//! The command line of the web finder.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use hyper::Request;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{answer, demo};
use crate::finder::shared::SharedIndex;
use crate::serve::http::{self, Metrics};
use crate::serve::program::{self, ServeArgs};
use crate::serve::{Ended, Limits, serve};

/// Find characters by name, in a browser
#[derive(Parser)]
#[command(after_help = "Without --port: a demonstration.")]
pub struct Args {
    #[command(flatten)]
    serve: ServeArgs,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let Some(port) = args.serve.port else {
        demo::demo()?;
        return Ok(ExitCode::SUCCESS);
    };
    let server = async |listener, limits, shutdown| {
        finder(listener, limits, SharedIndex::start(), shutdown).await
    };
    program::run(&args.serve, port, server)
}

/// Serves the finder until `shutdown`; `/health` says when the index is there.
pub async fn finder(
    listener: TcpListener,
    limits: Limits,
    index: SharedIndex,
    shutdown: CancellationToken,
) -> Ended {
    let metrics = Arc::new(Metrics::starting());
    let (built, ready) = (index.clone(), Arc::clone(&metrics));
    // On its own: it ends when the index is there.
    tokio::spawn(async move {
        built.ready().await;
        ready.is_ready();
    });
    serve(listener, &limits, shutdown, |stream, session| {
        let (metrics, index) = (Arc::clone(&metrics), index.clone());
        let answer = move |request: Request<_>| {
            let response = answer(&request, index.get());
            async { response }
        };
        http::connection(stream, session, limits, metrics, answer)
    })
    .await
}
