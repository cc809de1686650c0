//! The command line of the character finder.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use super::{Index, demo, words};
use crate::serve::program::parse;

/// Find characters by the words of their names
#[derive(Parser)]
#[command(after_help = "Without words: a demonstration.")]
#[command(no_binary_name = true, name = "finder")]
#[command(bin_name = "cargo run -p ch05-servers -- finder")]
struct Args {
    /// Words that the name must have, all of them, in any order and case
    words: Vec<String>,
}

/// Prints the characters found: code, character and name, between tabs.
///
/// A query that finds nothing has been answered, and succeeds.
///
/// # Errors
///
/// None: what is wrong is wrong usage, which has a status of its own.
pub fn program(args: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let args: Args = match parse(args) {
        Ok(args) => args,
        Err(code) => return Ok(code),
    };
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
