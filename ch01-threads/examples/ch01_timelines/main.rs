//! Sections of this chapter, run once more to see who waits for whom.
//!
//! Each file calls the functions of its section and tells between the calls
//! what begins. The book draws it; the sections know nothing of it.
//!
//! cargo run -p ch01-threads --example ch01_timelines -- locked

mod animals;
mod garbled;
mod locked;
mod pool;
mod spinner;
mod trace;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use trace::Trace;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let slug = std::env::args().nth(1).unwrap_or_default();
    let run = match slug.as_str() {
        "animals" => animals::run,
        "garbled" => garbled::run,
        "locked" => locked::run,
        "pool" => pool::run,
        "spinner" => spinner::run,
        other => {
            eprintln!("error: no timeline `{other}`");
            return Ok(ExitCode::from(2));
        }
    };
    run(&Arc::new(Trace::start()))?;
    Ok(ExitCode::SUCCESS)
}
