//! The command line of the character finder.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use super::{Index, demo, words};

/// Find characters by the words of their names
#[derive(Parser)]
#[command(after_help = "Without words: a demonstration.")]
pub struct Args {
    /// Words that the name must have, all of them, in any order and case
    words: Vec<String>,
}

/// Prints the characters found: code, character and name, between tabs.
///
/// A query that finds nothing has been answered, and succeeds.
///
/// # Errors
///
/// None: wrong usage has a status of its own.
pub fn program(args: Args) -> Result<ExitCode, Box<dyn Error>> {
    if args.words.is_empty() {
        demo::demo();
        return Ok(ExitCode::SUCCESS);
    }
    let query = args.words.join(" ");
    if words(&query).next().is_none() {
        eprintln!("error: no word in {query:?}: letters and digits make one");
        return Ok(ExitCode::from(2));
    }
    demo::print(&Index::new(), &query);
    Ok(ExitCode::SUCCESS)
}
