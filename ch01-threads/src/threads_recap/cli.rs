//! The command line of the chapter's prediction questions.

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
/// None.
pub fn program(options: Options) -> Result<(), std::convert::Infallible> {
    let programs: [fn(); 5] = [
        super::moved,
        super::handles,
        super::panicked,
        super::ended,
        super::full,
    ];
    for (number, program) in (1..).zip(programs) {
        if options.question.is_none_or(|wanted| wanted == number) {
            program();
        }
    }
    Ok(())
}
