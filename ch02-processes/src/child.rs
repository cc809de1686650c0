//! Sections whose children are this program, too, started with an option that
//! `--help` does not show.

use std::error::Error;
use std::io;

use clap::Parser;
use tour::{Program, parent, with_options};

use crate::orphan;

/// What a section does, or its child.
pub type Run = fn() -> Result<(), Box<dyn Error>>;

/// The options of a section with one kind of children
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

/// Runs a child, whose work is void once its parent no longer reads it.
///
/// # Errors
///
/// The child's; or `option` was typed at a terminal, and there is no parent.
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
