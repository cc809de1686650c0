//! A row of the table: a section, and the program that it runs.

use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, Command, Parser};

/// How a section ended. An error is printed and means exit status 1.
pub type Outcome = Result<ExitCode, Box<dyn Error>>;

/// Which part of the chapter a section belongs to. What is of the day is of the
/// core as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The core sections that a tour visits: enough for a first day.
    Day,
    /// The chapter's first book, in teaching order.
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
    page: &'static str,
    pub(crate) program: Program,
}

/// Makes a row of the table: `section!(core, thread_pool, plain(demo))`.
///
/// The part is `day`, `core` or `deeper`. The title is the first line of the page,
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
    (@ day) => { $crate::Part::Day };
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
            page,
            program,
        }
    }

    /// Returns why the section does not run on this system, if it does not.
    pub(crate) fn why_not_here(&self, here: &str) -> Option<&'static str> {
        let mut systems = self.program.not_on.iter();
        systems
            .find(|(system, _)| *system == here)
            .map(|(_, why)| *why)
    }

    /// Returns what the page says directly before the section's own output: what
    /// to look for. Nothing, if the page does not show or announce it.
    pub fn announcement(&self) -> String {
        let mut runs = self.page.match_indices("\n{{#run ").map(|(at, _)| at);
        let own = runs.find(|at| {
            let directive = self.page[*at..].split("}}").next();
            let runs = directive.unwrap_or_default().split(['|', ' ']);
            let slug = |run: &str| {
                run.rsplit_once('/').map(|(_, slug)| slug.to_string())
            };
            runs.filter_map(slug).any(|slug| slug == self.slug)
        });
        let Some(before) = own.map(|at| &self.page[..at]) else {
            return String::new();
        };
        let is_prose = |block: &&str| {
            !["{{", "#", "|", "```", "- ", "1. "]
                .iter()
                .any(|mark| block.starts_with(mark))
        };
        let mut blocks = before.trim_end().rsplit("\n\n").map(str::trim);
        let prose = blocks.find(is_prose).unwrap_or_default();
        // A sentence a line: the last two say what to look for.
        let lines: Vec<&str> = prose.lines().collect();
        let last = &lines[lines.len().saturating_sub(2)..];
        plain_text(&last.join(" "))
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

/// Returns the text of a line of Markdown: without comments, and without the
/// addresses of its links.
fn plain_text(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find(['`', '<', '[', ']', '*']) {
        let (before, mark) = rest.split_at(at);
        text += before;
        let end = |opens: &str, closes: &str| {
            let inner = mark.strip_prefix(opens)?;
            Some(opens.len() + inner.find(closes)? + closes.len())
        };
        let skipped = end("<!--", "-->")
            .or_else(|| end("](", ")"))
            .or_else(|| mark.starts_with("**").then_some(2))
            .or_else(|| mark.starts_with('[').then_some(1));
        let code = || end("`", "`").unwrap_or(1);
        let kept = if skipped.is_none() { code() } else { 0 };
        text += &mark[..kept];
        rest = &mark[skipped.unwrap_or(kept)..];
    }
    text += rest;
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a section runs: its options, and what is done with them.
pub struct Program {
    command: fn() -> Command,
    run: Box<dyn Fn(&ArgMatches) -> Outcome>,
    /// On which systems it does not run, and why.
    pub(crate) not_on: Vec<(&'static str, &'static str)>,
}

impl Program {
    /// Says that the program does not run on `system`, as
    /// [`OS`](std::env::consts::OS) names it, and why: a whole sentence.
    #[must_use]
    pub fn not_on(
        mut self,
        system: &'static str,
        why: &'static str,
    ) -> Program {
        self.not_on.push((system, why));
        self
    }
}

/// Runs `demo`, which takes no options.
pub fn plain<R: Ending>(demo: impl Fn() -> R + 'static) -> Program {
    Program {
        command: || Command::new("section"),
        run: Box::new(move |_| demo().outcome()),
        not_on: Vec::new(),
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
        not_on: Vec::new(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(page: &'static str) -> String {
        Section::new(Part::Day, "a_b", page, plain(|| ())).announcement()
    }

    #[test]
    fn the_prose_before_the_first_output_announces_it() {
        let page = "# T\n\nNo.\n\n{{#run x/a-b.py}}\n\nOne.\nTwo.\nThree.\n\n\
                    {{#quiz x/a-b}}\n\n{{#run x/a-b}}\n\n\
                    Later.\n\n{{#run a/b.c}}\n";
        assert_eq!(announced(page), "Two. Three.");
        assert_eq!(announced("# T\n\nNo output here.\n"), "");
    }

    #[test]
    fn links_comments_and_emphasis_are_left_out() {
        let page = "# T\n\nSee [`a[0]`](../a/page.md): **two** \
                    <!-- claim: x, `2` -->\n\n{{#run x/a-b | x/a-b.py}}\n";
        assert_eq!(announced(page), "See `a[0]`: two");
    }
}
