//! The command line of the section, and its holes: runs of their own, in which
//! something is lost.

use clap::{Parser, ValueEnum};

use crate::coroutine::Raised;

/// Calls through the scheduler, and what falls through
#[derive(Parser)]
pub struct Options {
    /// Show what this scheduler cannot do
    #[arg(long, value_name = "NAME")]
    hole: Option<Hole>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Hole {
    /// A pause is taken for a return
    Pause,
    /// An error passes its caller by
    Raised,
    /// A caller goes on when it is killed
    Killed,
}

/// Runs the section, or one of its holes.
///
/// # Errors
///
/// What a task raised.
pub fn program(options: Options) -> Result<(), Raised> {
    match options.hole {
        None => super::demo(),
        Some(Hole::Pause) => super::pause(),
        Some(Hole::Raised) => super::raised(),
        Some(Hole::Killed) => super::killed(),
    }
}
