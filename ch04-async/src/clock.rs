//! Sections on tokio's clock, which can be paused.

use std::io::Result;

use clap::Parser;
use tokio::runtime;
use tour::{Program, with_options};

/// The options of a section on a clock
#[derive(Parser)]
#[command(about = None, long_about = None)]
struct Options {
    /// Run on a clock that jumps over every wait
    #[arg(long)]
    paused: bool,
}

/// Runs a section on a current-thread runtime; with `--paused` on tokio's paused
/// clock, which jumps from one timer to the next: no waiting, exact times.
pub fn on_clock<F>(demo: impl Fn() -> F + 'static) -> Program
where
    F: Future<Output = ()>,
{
    with_options(move |options: Options| block_on(options.paused, demo()))
}

/// Runs a future on a current-thread runtime, whose clock may be paused.
///
/// # Errors
///
/// The runtime cannot be made.
pub fn block_on(paused: bool, future: impl Future<Output = ()>) -> Result<()> {
    runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(paused)
        .build()
        .map(|runtime| runtime.block_on(future))
}
