//! The shell's command line, and what it starts.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::{Parser, ValueEnum};
use tokio::runtime::{self, Runtime};
use tokio::time;

use super::ending::{BYE, is_gone};
use super::{input, run, session};

/// A shell that awaits each line, while its tasks go on.
///
/// Without --live it types a script to itself.
#[derive(Debug, Parser)]
pub struct Options {
    /// Run the script on a clock that jumps over every wait
    #[arg(long, conflicts_with = "live")]
    paused: bool,
    /// Await the lines of standard input; type `help` there
    #[arg(long)]
    live: bool,
    /// How to read them
    #[arg(long, value_enum, default_value_t = Reader::Thread)]
    #[arg(requires = "live")]
    reader: Reader,
    /// End after this many seconds, even in the middle of a line
    #[arg(long = "for", value_name = "S", value_parser = seconds)]
    #[arg(allow_negative_numbers = true, requires = "live")]
    end_after: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Reader {
    /// In a thread of our own, which is never joined
    Thread,
    /// With tokio's stdin: the program cannot end while it reads
    Tokio,
    /// With tokio's stdin, on a runtime that is left behind
    Background,
}

/// Runs the section with its command line; see `--help`.
///
/// # Errors
///
/// There is no thread, no runtime or no process to be had.
pub fn program(options: Options) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(options.paused)
        .build()?;
    if options.live {
        live(runtime, options.reader, options.end_after)?;
    } else {
        runtime.block_on(session());
        endings()?;
    }
    Ok(())
}

/// Awaits the lines of stdin until they end, or for so long.
fn live(
    runtime: Runtime,
    reader: Reader,
    end_after: Option<Duration>,
) -> io::Result<()> {
    runtime.block_on(async {
        let lines = match reader {
            Reader::Thread => input::lines()?,
            Reader::Tokio | Reader::Background => input::lines_broken(),
        };
        let shell = run(lines, prompt, |_| {});
        match end_after {
            // A shell that is dropped takes no more lines; its tasks belong to
            // the runtime.
            Some(time) => time::timeout(time, shell).await.unwrap_or(()),
            None => shell.await,
        }
        println!("{BYE}");
        io::Result::Ok(())
    })?;
    if reader == Reader::Background {
        // Waits for nothing: threads of the pool go on, until `main` returns.
        runtime.shutdown_background();
    }
    // Otherwise the runtime is dropped here, and waits for its threads.
    Ok(())
}

fn prompt() {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        eprint!(">>> ");
        // Without a prompt the shell works as well.
        io::stderr().flush().ok();
    }
}

/// Starts three shells that want to end while they wait for a line.
fn endings() -> io::Result<()> {
    let program = env::current_exe()?;
    println!("\nended while it waits for a line");
    for (reader, what) in [
        ("tokio", "tokio's stdin"),
        ("background", "tokio's stdin, shutdown_background"),
        ("thread", "a thread of its own"),
    ] {
        match is_gone(&program, reader)? {
            true => println!("  {what}: gone"),
            false => println!("  {what}: hangs until its stdin is closed"),
        }
    }
    Ok(())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if time <= Duration::from_secs(3600) => Ok(time),
        _ => Err("must be from 0 to 3600 seconds".to_string()),
    }
}
