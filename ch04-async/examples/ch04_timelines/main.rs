//! Sections of this chapter, run once more to see who waits for whom.
//!
//! Each file calls the functions of its section and tells between the calls
//! what begins. The book draws it; the sections know nothing of it.
//!
//! cargo run -p ch04-async --example ch04_timelines -- spinner

mod animals;
mod flags;
mod frozen;
mod spinner;
mod throttle;
mod trace;

use std::error::Error;
use std::process::ExitCode;

use ch04_async::flags::cli::Mode;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["spinner"] => spinner::run(),
        ["throttle"] => throttle::run(),
        ["frozen"] => frozen::run(),
        ["animals", "give-way"] => animals::run(false)?,
        ["animals", "block"] => animals::run(true)?,
        ["flags", "sequential"] => flags::run(Mode::Sequential, 1)?,
        ["flags", "async"] => flags::run(Mode::Async, 4)?,
        _ => {
            eprintln!("error: no timeline `{}`", args.join(" "));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
