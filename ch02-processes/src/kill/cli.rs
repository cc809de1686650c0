//! The command line of the section on killing.

use std::error::Error;

use clap::Parser;
use tour::parent;

use crate::child;

/// One child is asked to end, another is killed
#[derive(Parser)]
pub struct Options {
    /// Show a dead child before and after its parent waits for it
    #[arg(long, exclusive = true)]
    zombie: bool,
    /// Show a child that goes on when its parent has ended
    #[arg(long, exclusive = true)]
    orphan: bool,
    /// Be the child that reads its stdin
    #[arg(long, hide = true)]
    child: bool,
    /// Be the child that reads nothing
    #[arg(long, hide = true)]
    deaf_child: bool,
    /// Be the parent that ends before its child
    #[arg(long, hide = true)]
    parent: bool,
    /// Be the child of a parent that ends
    #[arg(long, hide = true, value_name = "ID")]
    orphan_of: Option<u32>,
}

/// Runs the section, or one of its children.
///
/// # Errors
///
/// Any I/O error, or the child's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.child {
        child::run("--child", || super::child(false))
    } else if options.deaf_child {
        child::run("--deaf-child", || super::child(true))
    } else if options.zombie || options.orphan {
        left_behind(options.zombie)
    } else if options.parent {
        parent::required_by("--parent")?;
        start_orphan()
    } else if let Some(id) = options.orphan_of {
        parent::required_by("--orphan-of")?;
        outlive(id)
    } else {
        super::demo()
    }
}

#[cfg(unix)]
fn left_behind(zombie: bool) -> Result<(), Box<dyn Error>> {
    match zombie {
        true => super::left::zombie(),
        false => super::left::orphan(),
    }
}

#[cfg(unix)]
fn start_orphan() -> Result<(), Box<dyn Error>> {
    super::left::parent()
}

#[cfg(unix)]
fn outlive(id: u32) -> Result<(), Box<dyn Error>> {
    super::left::outlive(id);
    Ok(())
}

#[cfg(not(unix))]
fn left_behind(_: bool) -> Result<(), Box<dyn Error>> {
    Err("zombies and orphans are shown on Unix only".into())
}

#[cfg(not(unix))]
fn start_orphan() -> Result<(), Box<dyn Error>> {
    left_behind(false)
}

#[cfg(not(unix))]
fn outlive(_: u32) -> Result<(), Box<dyn Error>> {
    left_behind(false)
}
