//! The command line of the chapter's questions.

use std::io;

use clap::Parser;

/// Five small programs: predict what they print, then run them
#[derive(Parser)]
pub struct Options {
    /// Run one of the five only
    #[arg(long, value_name = "NUMBER",
        value_parser = clap::value_parser!(u8).range(1..=5))]
    question: Option<u8>,
}

/// Runs the section.
///
/// # Errors
///
/// The system gives no socket, or a connection breaks.
pub fn program(options: Options) -> io::Result<()> {
    let programs: [fn() -> io::Result<()>; 5] = [
        super::not_accepted,
        super::half_closed,
        super::trickled,
        super::panicked,
        super::queued,
    ];
    for (number, program) in (1..).zip(programs) {
        if options.question.is_none_or(|wanted| wanted == number) {
            program()?;
        }
    }
    Ok(())
}
