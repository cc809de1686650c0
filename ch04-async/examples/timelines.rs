//! Runs sections of this chapter and records their timelines.
//!
//! cargo run -p ch04-async --example ch04_timelines -- spinner

use std::error::Error;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use ch04_async::animals::api::Api;
use ch04_async::animals::{ANIMALS, Screen, ask_all, type_broken, type_out};
use ch04_async::blocking::{frames, frames_broken};
use ch04_async::flags;
use ch04_async::flags::cli::Options;
use ch04_async::semaphore::throttled;
use ch04_async::spinner::supervisor;
use clap::Parser;
use timeline::{Clock, record};
use tokio::sync::Barrier;
use tokio::time::Instant;
use tracing::{Instrument, trace_span};

const DELAY: Duration = Duration::from_millis(200);
const TYPING: Duration = Duration::from_millis(4);

type Done = Result<(), Box<dyn Error>>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    record(match words[..] {
        ["spinner" | "semaphore"] => {
            Clock::Paused(|| Instant::now().into_std())
        }
        _ => Clock::Real,
    });
    match words[..] {
        ["spinner"] => on_paused_clock(async {
            let main = trace_span!("main", lane = "main");
            supervisor(Duration::from_millis(1_050))
                .instrument(main)
                .await;
        }),
        ["semaphore"] => on_paused_clock(async {
            throttled(8, 3).await;
        }),
        ["blocking"] => blocking(),
        ["animals", how @ ("give-way" | "block")] => animals(how)?,
        ["flags", "sequential"] => flags(&["--mode", "sequential"])?,
        ["flags", "async"] => flags(&["--mode", "async", "--max-req", "4"])?,
        _ => {
            eprintln!("error: no timeline `{}`", args.join(" "));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn on_paused_clock(section: impl Future<Output = ()>) {
    section.await;
}

/// The same work on another thread, on the spinner's own, and on another again.
#[tokio::main(flavor = "current_thread")]
async fn blocking() {
    let work: fn() = || thread::sleep(Duration::from_millis(350));
    frames(work).await;
    frames_broken(work).await;
    frames(work).await;
}

#[tokio::main(flavor = "current_thread")]
async fn animals(how: &str) -> Done {
    let api = Api::start(DELAY).await?;
    let (screen, others) = (Screen::default(), Barrier::new(ANIMALS.len()));
    ask_all(&api.url(), async |sentence| match how {
        "block" => type_out(&screen, &sentence, TYPING),
        _ => type_broken(&screen, &sentence, TYPING, &others).await,
    })
    .await?;
    Ok(())
}

/// Twelve flags from a server that takes 0.05 s for each.
fn flags(mode: &[&str]) -> Done {
    let folder = tempfile::tempdir()?;
    let folder = folder.path().to_string_lossy();
    let args = ["--limit", "12", "--delay", "0.05", "--dest", &folder];
    let args = ["flags"].iter().chain(&args).chain(mode);
    let status = flags::program(Options::try_parse_from(args)?)?;
    if status != ExitCode::SUCCESS {
        return Err(format!("the downloader ended with {status:?}").into());
    }
    Ok(())
}
