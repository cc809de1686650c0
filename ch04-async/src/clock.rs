//! Sections on tokio's clock, which can be paused.

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
    with_options(move |options: Options| {
        runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(options.paused)
            .build()
            .map(|runtime| runtime.block_on(demo()))
    })
}
