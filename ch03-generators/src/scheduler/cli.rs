//! The command line of the section, and its stages: one program each.

use clap::{Parser, ValueEnum};

/// A scheduler, grown in four stages
#[derive(Parser)]
pub struct Options {
    /// Run this stage
    #[arg(long, value_name = "NAME", default_value = "exit")]
    stage: Stage,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// One task, run by hand
    Task,
    /// Two endless tasks, in turn
    Queue,
    /// One task ends, and the scheduler with it
    Crash,
    /// One task ends, and the other goes on
    Exit,
}

/// Runs one stage of the section.
pub fn program(options: Options) {
    match options.stage {
        Stage::Task => super::task::demo(),
        Stage::Queue => super::demo(),
        Stage::Crash => super::crash::demo(),
        Stage::Exit => super::exit::demo(),
    }
}
