//! Sections of this chapter, run once more to see who waits for whom.
//!
//! Each file calls the functions of its section and tells between the calls
//! what begins. The book draws it; the sections know nothing of it.
//!
//! cargo run -p ch02-processes --example ch02_timelines -- pool

mod pool;
mod spinner;
mod trace;

use std::error::Error;
use std::process::ExitCode;

use trace::Trace;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["pool"] => pool::run(&Trace::start())?,
        ["spinner"] => spinner::run(&Trace::start())?,
        // What the sections start is this program again.
        ["pool", "--worker"] => ch02_processes::pool::worker::run(),
        ["spinner", "--child"] => ch02_processes::spinner::child::run(),
        _ => {
            eprintln!("error: no timeline `{}`", args.join(" "));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
