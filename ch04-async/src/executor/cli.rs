//! The command line of the section, and its stages: one program each.

use clap::{Parser, ValueEnum};

/// An executor, grown in four stages
#[derive(Parser)]
pub struct Options {
    /// Run this stage
    #[arg(long, value_name = "NAME", default_value = "abort")]
    stage: Stage,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// Polls the tasks that were woken, and no others
    Queue,
    /// Tasks spawn tasks, and await their outputs
    Handles,
    /// One place in the queue for each task, and turns that end
    Turns,
    /// The whole executor, with `abort`
    Abort,
}

/// Runs one stage of the section.
pub fn program(options: Options) {
    match options.stage {
        Stage::Queue => super::s1_queue::demo(),
        Stage::Handles => super::s2_handles::demo(),
        Stage::Turns => super::s3_turns::demo(),
        Stage::Abort => super::demo(),
    }
}
