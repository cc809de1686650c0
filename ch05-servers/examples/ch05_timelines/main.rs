//! Sections of this chapter, run once more to see who waits for whom.
//!
//! Each file calls the functions of its section and tells between the calls
//! what begins. The book draws it; the sections know nothing of it.
//!
//! cargo run -p ch05-servers --example ch05_timelines -- ordered tasks

mod animals;
mod ordered;
mod trace;

use std::error::Error;
use std::process::ExitCode;

use ch05_servers::animals::How;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["ordered", "tasks"] => ordered::run(false)?,
        ["ordered", "queue"] => ordered::run(true)?,
        ["animals", "blocking"] => animals::run(How::Blocking)?,
        ["animals", "async"] => animals::run(How::Async)?,
        _ => {
            eprintln!("error: no timeline `{}`", args.join(" "));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
