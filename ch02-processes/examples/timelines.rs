//! Runs sections of this chapter and records their timelines.
//!
//! cargo run -p ch02-processes --example ch02_timelines -- pool

use std::error::Error;
use std::io::Cursor;
use std::process::ExitCode;

use clap::Parser;

use ch02_processes::pool::cli::own_worker;
use ch02_processes::pool::report::Report;
use ch02_processes::pool::team::{self, Plan};
use ch02_processes::{pool, spinner};
use timeline::{Clock, record};

/// Primes that take a worker some ten milliseconds and more.
const PRIMES: &str = "5000000000053\n500000000023\n9000000000059\n\
    2000000000003\n700000000009\n6000000000023\n1000000000039\n\
    8000000000009\n3000000000013\n900000000013\n4000000000039\n7000000000009\n";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["pool"] => {
            record(Clock::Real);
            let plan = Plan {
                command: own_worker()?,
                workers: 2,
                job_timeout: None,
                recycle: Some(3),
            };
            let lines = Box::new(Cursor::new(PRIMES));
            team::run(plan, lines, &mut Report::new(false))?;
        }
        ["spinner"] => {
            record(Clock::Real);
            spinner::demo(false)?;
        }
        // What the sections start is this program again.
        ["pool", ..] => {
            return pool::program(pool::cli::Cli::parse_from(&args));
        }
        ["spinner", "--child"] => {
            spinner::child::run();
        }
        _ => {
            eprintln!("error: no timeline `{}`", args.join(" "));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
