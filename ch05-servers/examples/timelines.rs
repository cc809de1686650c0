//! Runs sections of this chapter and records their timelines.
//!
//! cargo run -p ch05-servers --example ch05_timelines -- ordered tasks

use std::error::Error;
use std::process::ExitCode;

use ch05_servers::animals::How;
use ch05_servers::animals::demo::ask_server;
use ch05_servers::ordered::exchange;
use timeline::{Clock, record};
use tokio::time::Instant;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    record(match words[..] {
        ["ordered", _] => Clock::Paused(|| Instant::now().into_std()),
        _ => Clock::Real,
    });
    let well = match words[..] {
        ["ordered", "tasks"] => exchange(false).map(|_| true)?,
        ["ordered", "queue"] => exchange(true).map(|_| true)?,
        ["animals", "blocking"] => ask_server(How::Blocking, 6)? == 6,
        ["animals", "async"] => ask_server(How::Async, 6)? == 6,
        _ => {
            eprintln!("error: no timeline `{}`", args.join(" "));
            return Ok(ExitCode::from(2));
        }
    };
    match well {
        true => Ok(ExitCode::SUCCESS),
        false => Err("an animal did not answer".into()),
    }
}
