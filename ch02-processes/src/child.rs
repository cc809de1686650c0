//! Sections whose child processes run this program, too, with an option that
//! `--help` does not show.

use std::error::Error;
use std::io;

use clap::Parser;
use tour::{Program, parent, with_options};

use crate::orphan;

/// A section's program, or its child's.
pub type Run = fn() -> Result<(), Box<dyn Error>>;

/// The options of a section with one kind of child
#[derive(Parser)]
#[command(about = None, long_about = None)]
struct Options {
    /// Be a child
    #[arg(long, hide = true)]
    child: bool,
}

/// Runs `demo`, and `child` in the processes that it starts with `--child`.
pub fn with_child(demo: Run, child: Run) -> Program {
    with_options(move |options: Options| match options.child {
        true => run("--child", child),
        false => demo(),
    })
}

/// Runs a child, and ends it once its parent no longer reads its output.
///
/// # Errors
///
/// The child's; or a user typed `option` at a terminal, and there is no parent.
pub fn run(option: &str, child: Run) -> Result<(), Box<dyn Error>> {
    parent::required_by(option)?;
    orphan::end_with_parent();
    match child() {
        Err(err) if is_broken_pipe(err.as_ref()) => Ok(()),
        done => done,
    }
}

fn is_broken_pipe(err: &(dyn Error + 'static)) -> bool {
    let err = err.downcast_ref::<io::Error>();
    err.is_some_and(|err| err.kind() == io::ErrorKind::BrokenPipe)
}
