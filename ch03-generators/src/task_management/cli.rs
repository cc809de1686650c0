//! The command line of the section, and its holes: runs of their own, in which
//! something is lost.

use clap::{Parser, ValueEnum};

use crate::coroutine::Raised;

/// Tasks that start and kill tasks
#[derive(Parser)]
pub struct Options {
    /// Show what this scheduler cannot do
    #[arg(long, value_name = "NAME")]
    hole: Option<Hole>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Hole {
    /// A killed task is missed at its next turn
    Late,
}

/// Runs the section, or one of its holes.
///
/// # Errors
///
/// What a task raised.
pub fn program(options: Options) -> Result<(), Raised> {
    match options.hole {
        None => super::demo(),
        Some(Hole::Late) => super::late(),
    }
}
