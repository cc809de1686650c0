//! A stage does not know what carries its lines.
//!
//! New: the same coroutine in line, behind a queue in a thread, behind a pipe in
//! a process, behind a socket. `close()` reaches it in all four, and what it
//! returns comes back.
//!
//! cargo run -p ch03-generators -- carriers

pub mod cli;

use std::env;
use std::error::Error;
use std::io;
use std::process::Command;

use crate::coroutine::{Co, Coroutine, Raised, Resumable};
use crate::pipeline::log;

pub mod frame;
pub mod process;
pub mod socket;
pub mod thread;

use frame::far_end;

/// What a stage has to say at the end of the stream.
pub type Report = String;

/// A stage that is sent lines, and returns its report when it is closed.
pub type Stage<'a> = Coroutine<'a, (), String, Report>;

/// Makes a stage, on the side where it is to run: coroutines do not travel.
pub type Make = fn() -> Result<Stage<'static>, Raised>;

/// Counts lines about Python, and reports the last one.
///
/// # Errors
///
/// What was thrown; and a line that says `poison`, to show what becomes of it.
pub async fn python_lines(co: Co<'_, (), String>) -> Result<Report, Raised> {
    let (mut count, mut last) = (0, String::new());
    loop {
        match co.yield_(()).await {
            Ok(Some(line)) if line == "poison" => {
                return Err(Raised::message("poisoned"));
            }
            Ok(Some(line)) if line.contains("python") => {
                (count, last) = (count + 1, line);
            }
            Ok(_) => {}

            Err(Raised::Exit) => return Ok(format!("{count}, last {last}")),
            Err(error) => return Err(error),
        }
    }
}

/// Makes the stage of this section.
///
/// # Errors
///
/// None: the stage does not fail before it is sent something.
pub fn make() -> Result<Stage<'static>, Raised> {
    Coroutine::new(python_lines).primed()
}

/// The near end of a carrier: lines go in, a report comes out.
///
/// Dropping it ends the far end as well, and waits for it.
pub trait Link {
    /// Hands a line over, and waits while the carrier is full.
    ///
    /// # Errors
    ///
    /// The far end is gone. [`Link::finish`] knows why.
    fn send(&mut self, line: String) -> io::Result<()>;

    /// Ends the stream, waits for the far end, and returns its report.
    ///
    /// # Errors
    ///
    /// What the far stage raised, or how the carrier broke.
    fn finish(&mut self) -> Result<Report, Raised>;
}

/// Makes a stage of a link: the stage in front of it sees no difference.
///
/// # Errors
///
/// None: the link is made already.
pub fn carried<'a>(mut link: impl Link + 'a) -> Result<Stage<'a>, Raised> {
    Coroutine::new(|co: Co<'a, (), String>| async move {
        loop {
            match co.yield_(()).await {
                Ok(None) => {}
                Ok(Some(line)) => {
                    if link.send(line).is_err() {
                        // Its last word is why it is gone. A report would be
                        // of part of the lines.
                        link.finish()?;
                        return Err(Raised::message("the far end left early"));
                    }
                }
                Err(Raised::Exit) => return link.finish(),
                // The far end gets no error: dropping the link ends it.
                Err(error) => return Err(error),
            }
        }
    })
    .primed()
}

/// Sends every line to `stage`, closes it, and returns its report.
///
/// # Errors
///
/// What the stage raised; [`Raised::Exit`] if it has no report.
pub fn run(
    lines: impl IntoIterator<Item = String>,
    mut stage: Stage<'_>,
) -> Result<Report, Raised> {
    for line in lines {
        stage.send(line).yielded()?;
    }
    stage.close()?.ok_or(Raised::Exit)
}

/// What stands behind each carrier's near end.
pub const CARRIERS: [&str; 4] = ["in line", "thread", "process", "socket"];

/// Puts the stage behind a carrier; `program` starts the far end of a process.
///
/// # Errors
///
/// The system's, when it starts no process or connects nothing.
pub fn behind(
    carrier: &str,
    program: Command,
) -> Result<Stage<'static>, Raised> {
    match carrier {
        "thread" => carried(thread::Thread::start(make)),
        "process" => carried(process::Process::start(program)?),
        "socket" => carried(socket::Socket::start(make)?),
        _ => make(),
    }
}

/// Serves as the far end of a process: lines on stdin, the report on stdout.
///
/// # Errors
///
/// What broke the pipe. What the stage raised goes to the near end.
pub fn serve() -> Result<(), Box<dyn Error>> {
    far_end(io::stdin().lock(), io::stdout().lock(), make)?;
    Ok(())
}

/// Sends the same lines through the four carriers, then one that fails.
///
/// # Errors
///
/// What a carrier raised.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = || -> io::Result<Command> {
        let mut command = Command::new(env::current_exe()?);
        command.args(["carriers", "--far-end"]);
        Ok(command)
    };
    for carrier in CARRIERS {
        let lines = log::lines(17).take(1_000);
        let report = run(lines, behind(carrier, program()?)?)?;
        println!("{carrier:8} {report}");
    }
    for carrier in CARRIERS {
        let lines = ["poison".to_string()];
        match run(lines, behind(carrier, program()?)?) {
            Ok(report) => println!("{carrier:8} survived: {report}"),
            Err(raised) => println!("{carrier:8} raised: {raised}"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
