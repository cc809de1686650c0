//! The command line of the section, and its holes: runs of their own, in which
//! something is lost.

use clap::{Parser, ValueEnum};

use crate::coroutine::Raised;

/// Tasks that wait for sockets
#[derive(Parser)]
pub struct Options {
    /// Show what this scheduler cannot do
    #[arg(long, value_name = "NAME")]
    hole: Option<Hole>,
    /// Show a task that goes on while another one waits
    #[arg(long, conflicts_with = "hole")]
    alive: bool,
    /// Send more than a socket takes at once
    #[arg(long, conflicts_with_all = ["hole", "alive"])]
    write: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Hole {
    /// One task is left when all have ended
    NeverEnds,
    /// Of two waiters the first is lost
    Overwritten,
    /// A killed task waits for ever (hangs)
    Killed,
    /// A blocking call stops all tasks (hangs)
    Frozen,
}

/// Runs the section, or one of its holes.
///
/// # Errors
///
/// What a task raised.
pub fn program(options: Options) -> Result<(), Raised> {
    if options.alive {
        return super::alive::alive();
    }
    if options.write {
        return super::write();
    }
    match options.hole {
        None => super::demo(),
        Some(Hole::NeverEnds) => super::never_ends(),
        Some(Hole::Overwritten) => super::overwritten(),
        Some(Hole::Killed) => super::killed(),
        Some(Hole::Frozen) => super::frozen(),
    }
}
