//! What one more thread, process, task or future weighs.
//!
//! Many of them are made and wait, and the process is weighed before and after.
//! Each count has a process of its own: freed memory would be used again.
//!
//! cargo run -p ch04-async -- memory
//! cargo run -p ch04-async -- memory --unit task --count 100000

use std::env;
use std::error::Error;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Parser;
use tour::parent;

pub mod room;
pub mod scales;
pub mod units;

use scales::Weight;
use units::Unit;

/// What one more thread, process, task or future weighs.
///
/// Without --unit: a few hundred of each. It reads Linux's /proc.
#[derive(Debug, Parser)]
pub struct Options {
    /// Make only these
    #[arg(long, value_enum)]
    unit: Option<Unit>,
    /// How many of them
    #[arg(long, value_name = "N", default_value = "1000")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    #[arg(allow_negative_numbers = true)]
    count: u32,
    /// Be one of those processes: say so, and wait
    #[arg(long, hide = true)]
    wait: bool,
    /// End when standard input ends: the process that asked is gone
    #[arg(long, hide = true)]
    end_with_stdin: bool,
}

/// Runs the section with its command line; see `--help`.
///
/// # Errors
///
/// There is no room for that many, or no scales.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    if options.wait {
        return Ok(units::wait_as_process()?);
    }
    let (Some(unit), count) = (options.unit, options.count) else {
        return Ok(demo()?);
    };
    if options.end_with_stdin {
        parent::end_with_stdin()?;
    }
    let weight = units::weigh(unit, count, &env::current_exe()?)?;
    println!("{count} of {unit}: {weight}");
    Ok(())
}

/// Has a number of units weighed by a process of this program.
///
/// # Errors
///
/// There is no room for that many, or no scales; the error of that process.
pub fn weigh_apart(
    program: &Path,
    unit: Unit,
    count: u32,
) -> io::Result<Weight> {
    let mut command = Command::new(program);
    command
        .args(["memory", "--end-with-stdin", "--unit", &unit.to_string()])
        .args(["--count", &count.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = parent::tie(&mut command).spawn()?;
    // `wait_with_output` would close it first, and so end the process.
    let _open = child.stdin.take();
    let output = child.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_once(": ")
        .and_then(|(_, weight)| weight.trim().parse().ok())
        .ok_or_else(|| {
            io::Error::other(String::from_utf8_lossy(&output.stderr).trim())
        })
}

/// Weighs a few of each, and says how many tasks weigh as much as one of those.
///
/// Source: *Plate Spinning* (2017): a coroutine takes kilobytes, a thread
/// megabytes.
///
/// # Errors
///
/// There is no room even for a few, or no scales.
pub fn demo() -> io::Result<()> {
    if !scales::are_here() {
        println!("there is no /proc here, so that nothing can be weighed");
        return Ok(());
    }
    let program = env::current_exe()?;
    let mut task = None;
    // The process is weighed as a whole: few tasks would not tip the scales.
    for (unit, count) in [
        (Unit::Task, 20_000),
        (Unit::Future, 20_000),
        (Unit::Thread, 500),
        (Unit::Process, 50),
    ] {
        let room = room::room(unit).map_or(u64::MAX, |(most, _)| most);
        let count = count.min(u32::try_from(room).unwrap_or(u32::MAX));
        let weight = weigh_apart(&program, unit, count)?;
        println!("a {unit}: {weight}");
        let task: &Weight = task.get_or_insert(weight);
        let tasks = weight.resident as f64 / task.resident.max(1) as f64;
        println!("  as much memory as {tasks:.1} tasks");
    }
    Ok(())
}
