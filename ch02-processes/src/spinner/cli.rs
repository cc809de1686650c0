//! The spinner's command line.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use tour::{INTERRUPTED, parent, terminal};

/// A process that draws until its stdin is closed
#[derive(Parser)]
pub struct Options {
    /// Let the slow call fail
    #[arg(long)]
    fail: bool,
    /// Compute instead of waiting, and count the child's frames per second
    #[arg(long, conflicts_with = "fail")]
    prime: bool,
    /// Be the process that draws
    #[arg(long, hide = true, exclusive = true)]
    child: bool,
    /// Be the process that draws, and print the number of frames
    #[arg(long, hide = true, exclusive = true)]
    counting_child: bool,
}

/// Runs the section, or its child.
///
/// # Errors
///
/// An I/O error, or the slow call's own.
pub fn program(options: Options) -> Result<ExitCode, Box<dyn Error>> {
    if options.child {
        parent::required_by("--child")?;
        super::child::run();
        return Ok(ExitCode::SUCCESS);
    }
    if options.counting_child {
        parent::required_by("--counting-child")?;
        println!("{}", super::child::run());
        return Ok(ExitCode::SUCCESS);
    }
    if options.prime {
        super::prime::demo()?;
        return Ok(ExitCode::SUCCESS);
    }
    if super::demo(options.fail)?.is_none() {
        terminal::fresh_line();
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}
