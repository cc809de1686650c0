//! The command line of the section, and its holes: runs of their own, in which
//! something is lost.

use clap::{Parser, ValueEnum};

use crate::coroutine::Raised;

/// Tasks that wait for tasks, and four ways to get lost
#[derive(Parser)]
pub struct Options {
    /// Show what this scheduler cannot do
    #[arg(long, value_name = "NAME")]
    hole: Option<Hole>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Hole {
    /// A task is killed, and waited for
    Killed,
    /// A dead task is waited for
    KilledWaiter,
    /// One task's error ends them all
    Raised,
    /// A task waits for itself (hangs)
    Itself,
}

/// Runs the section, or one of its holes.
///
/// # Errors
///
/// What a task raised.
pub fn program(options: Options) -> Result<(), Raised> {
    match options.hole {
        None => super::demo(),
        Some(Hole::Killed) => super::killed(),
        Some(Hole::KilledWaiter) => super::killed_waiter(),
        Some(Hole::Raised) => super::raised(),
        Some(Hole::Itself) => super::itself(),
    }
}
