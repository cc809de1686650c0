//! The command line of the slow animals.

use std::error::Error;
use std::io;
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use hyper::Method;
use tokio_util::sync::CancellationToken;

use super::threads::answer;
use super::{Api, How, demo, respond, respond_blocking};
use crate::echo_threads;
use crate::serve::http::{self, Metrics};
use crate::serve::program::{self, ServeArgs, count, seconds};
use crate::serve::{Ended, Limits, serve};

/// An API of animals who think before they say what they say
#[derive(Parser)]
#[command(after_help = "Without --port: twelve animals asked at once.")]
pub struct Args {
    /// How to wait for an animal
    #[arg(long, value_enum, default_value = "async")]
    how: How,

    /// How long an animal thinks, unless asked with `?delay=`
    #[arg(long, value_name = "SECONDS", default_value = "5")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    delay: Duration,

    /// An animal thinks at most so long: as long as `--delay`, or as is drawn
    #[arg(long, value_name = "SECONDS")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    delay_max: Option<Duration>,

    /// Decides what is drawn: delays, and who `/animals/any` is
    #[arg(long, value_name = "N", default_value_t = 0)]
    #[arg(allow_negative_numbers = true)]
    seed: u64,

    /// Answer 503 when more than so many are asked at once
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = count, allow_negative_numbers = true)]
    max_inflight: usize,

    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the demonstration without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    let most = args.delay_max.unwrap_or(args.delay);
    if most < args.delay {
        eprintln!("error: --delay must not exceed --delay-max");
        return Ok(ExitCode::from(2));
    }
    let Some(port) = args.server.port else {
        demo::demo()?;
        return Ok(ExitCode::SUCCESS);
    };
    let api = Api::seeded(args.delay..=most, args.max_inflight, args.seed);
    let how = args.how;
    program::run_blocking(&args.server, port, |listener, limits, stop| {
        run(how, api, listener, limits, stop)
    })
}

/// Serves in one of three ways until the token is cancelled.
///
/// # Errors
///
/// There is no thread or event queue to be had.
pub fn run(
    how: How,
    api: Arc<Api>,
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    if how == How::Threads {
        let metrics = Metrics::default();
        let handle = move |client: &_| answer(&api, &metrics, client);
        return echo_threads::serve_each(listener, limits, stop, handle);
    }
    // One thread, so that it shows what blocking it does.
    crate::raw_client::runtime()?.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let metrics = Arc::new(Metrics::default());
        let ended = serve(listener, &limits, stop, |stream, session| {
            let (api, metrics) = (Arc::clone(&api), Arc::clone(&metrics));
            http::connection(stream, session, limits, metrics, move |request| {
                let api = Arc::clone(&api);
                async move {
                    if !matches!(*request.method(), Method::GET | Method::HEAD)
                    {
                        return http::not_allowed("GET, HEAD");
                    }
                    let uri = request.uri();
                    let answer = api.decide(uri.path(), uri.query());
                    match how {
                        How::Blocking => respond_blocking(answer).await,
                        _ => respond(answer).await,
                    }
                }
            })
        });
        Ok(ended.await)
    })
}
