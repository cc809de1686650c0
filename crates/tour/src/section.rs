//! A row of the table: a section, and the program that it runs.

use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, Command, Parser};

/// How a section ended. An error is printed and means exit status 1.
pub type Outcome = Result<ExitCode, Box<dyn Error>>;

/// Which part of the chapter a section belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What everybody reads.
    Core,
    /// What may be left for later.
    Deeper,
}

/// A section of a chapter; see [`section!`](crate::section!).
pub struct Section {
    pub(crate) part: Part,
    pub(crate) module: &'static str,
    pub(crate) slug: String,
    pub(crate) title: &'static str,
    program: Program,
}

/// Makes a row of the table: `section!(core, thread_pool, plain(demo))`.
///
/// The part is `core` or `deeper`. The title is the first line of the page,
/// `thread_pool/page.md` beside the table.
#[macro_export]
macro_rules! section {
    ($part:ident, $module:ident, $program:expr $(,)?) => {
        $crate::Section::new(
            $crate::section!(@ $part),
            stringify!($module),
            include_str!(concat!(stringify!($module), "/page.md")),
            $program,
        )
    };
    (@ core) => { $crate::Part::Core };
    (@ deeper) => { $crate::Part::Deeper };
}

impl Section {
    /// Makes a section of the module of this name and the text of its page.
    pub fn new(
        part: Part,
        module: &'static str,
        page: &'static str,
        program: Program,
    ) -> Section {
        let first = page.lines().next().unwrap_or_default();
        Section {
            part,
            module,
            slug: module.replace('_', "-"),
            title: first.trim_start_matches('#').trim(),
            program,
        }
    }

    /// Returns the section's command line; `typed` is what the reader types
    /// before its options.
    pub(crate) fn command(&self, typed: &str) -> Command {
        let command = (self.program.command)();
        let mut command = command.no_binary_name(true);
        if command.get_bin_name().is_none() {
            command.set_bin_name(typed);
        }
        match command.get_about() {
            Some(_) => command,
            None => command.about(self.title),
        }
    }

    pub(crate) fn run(
        &self,
        mut command: Command,
        words: &[OsString],
    ) -> Outcome {
        let matches = command.try_get_matches_from_mut(words)?;
        let outcome = (self.program.run)(&matches);
        outcome.map_err(|err| match err.downcast::<clap::Error>() {
            Ok(usage) => usage.with_cmd(&command).into(),
            Err(err) => err,
        })
    }
}

/// What a section runs: its options, and what is done with them.
pub struct Program {
    command: fn() -> Command,
    run: Box<dyn Fn(&ArgMatches) -> Outcome>,
}

/// Runs `demo`, which takes no options.
pub fn plain<R: Ending>(demo: impl Fn() -> R + 'static) -> Program {
    Program {
        command: || Command::new("section"),
        run: Box::new(move |_| demo().outcome()),
    }
}

/// Runs `program` with the options that its parameter declares.
pub fn with_options<O: Parser, R: Ending>(
    program: impl Fn(O) -> R + 'static,
) -> Program {
    Program {
        command: O::command,
        run: Box::new(move |matches| {
            program(O::from_arg_matches(matches)?).outcome()
        }),
    }
}

/// What a section's function may return.
pub trait Ending {
    /// Says how the section ended.
    ///
    /// # Errors
    ///
    /// The section's own.
    fn outcome(self) -> Outcome;
}

impl Ending for () {
    fn outcome(self) -> Outcome {
        Ok(ExitCode::SUCCESS)
    }
}

impl Ending for ExitCode {
    fn outcome(self) -> Outcome {
        Ok(self)
    }
}

impl<T: Ending, E: Into<Box<dyn Error>>> Ending for Result<T, E> {
    fn outcome(self) -> Outcome {
        self.map_err(Into::into).and_then(Ending::outcome)
    }
}
