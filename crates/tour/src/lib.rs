//! What a chapter's program does besides its sections: it lists them, tours
//! them, explains itself, and ends well.
//!
//! A chapter's `main.rs` is a title, a table and a call:
//!
//! ```ignore
//! fn main() -> ExitCode {
//!     tour::main(&Tour {
//!         package: env!("CARGO_PKG_NAME"),
//!         title: "Threads: many hands, one memory",
//!         next: "cargo run -p ch02-processes",
//!         sections: &[
//!             section!(core, spinner, with_options(spinner::program)),
//!             section!(deeper, thread_local, plain(thread_local::demo)),
//!         ],
//!     })
//! }
//! ```
//!
//! A row is a section's part, its module, and its program: [`plain`] runs a
//! function without options; [`with_options`] hands a function the options that
//! it declares, a struct that derives `clap::Parser`. Either may return nothing,
//! an exit status, or an error, which is printed and means exit status 1. The
//! section's slug is the module's name with `-` for `_`. Its title is the first
//! line of its `page.md`. The table's order is the reading order. A section that
//! some system cannot run says so by [`Program::not_on`]: a tour then prints the
//! reason and goes on, and the section alone fails with it.
//!
//! What the reader then types, after `cargo run -p ch01-threads --`:
//!
//! | words | do |
//! |---|---|
//! | | tour the chapter |
//! | `--core`, `--all` | tour the core sections, or all |
//! | `SLUG`, `SLUG --help` | run one section, or show its options |
//! | `--list`, `--list --core` | print `SLUG<TAB>TITLE` for all, or for the core |
//! | `--systems` | print `SLUG<TAB>SYSTEM<TAB>WHY` for what does not run there |
//!
//! Exit status: 0 done, 1 failed, 2 usage, 130 after Ctrl-C. SIGTERM and SIGHUP
//! end the program by the signal, and one that was ignored at the start stays
//! ignored. A section that has something to finish first says so with
//! [`interrupt`]; the children that it starts end with it by [`parent`].
//!
//! Output into a closed pipe ends the program quietly, output that cannot be
//! written with one line and status 1, and a panic is reported in one line.

mod last_words;
mod section;
pub mod interrupt;
pub mod parent;
pub mod terminal;

use std::env;
use std::env::consts::OS;
use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};

pub use section::{
    Ending, Outcome, Part, Program, Section, plain, with_options,
};
pub use signals::Signal;

/// The exit status of a program that was called wrongly.
const USAGE: u8 = 2;

/// How wide a tour's sentences are.
const WIDTH: usize = 80;

/// The exit status of a program that Ctrl-C has ended, as a shell reports it.
pub const INTERRUPTED: u8 = 130;

/// A chapter: what its program tours.
pub struct Tour<'a> {
    /// The package that the reader runs, `ch01-threads`.
    pub package: &'static str,
    /// The chapter's title.
    pub title: &'static str,
    /// The command that comes after this chapter.
    pub next: &'static str,
    /// The sections in reading order.
    pub sections: &'a [Section],
}

/// Does what the command line says; to be called once, by `main`.
pub fn main(tour: &Tour) -> ExitCode {
    last_words::install();
    interrupt::install();
    interrupt::end(tour.run(env::args_os().skip(1)))
}

impl Tour<'_> {
    fn run(&self, words: impl Iterator<Item = OsString>) -> ExitCode {
        let words: Vec<OsString> = words.collect();
        // A section's children are started often: they do not wait until the
        // whole table is a command line.
        let section = words.first().and_then(|slug| {
            self.sections.iter().find(|section| *slug == *section.slug)
        });
        if let Some(section) = section {
            // Its options can be shown everywhere.
            let why = section.why_not_here(OS);
            if let Some(why) = why.filter(|_| words.len() == 1) {
                eprintln!(
                    "error: {} does not run on {OS}: {why}",
                    section.slug
                );
                return ExitCode::FAILURE;
            }
            return self.one(section, &words[1..]);
        }
        match self.asked(&words) {
            Ok(asked) if asked.get_flag("list") => {
                for section in self.asked_for(&asked) {
                    println!("{}\t{}", section.slug, section.title);
                }
                ExitCode::SUCCESS
            }
            Ok(asked) if asked.get_flag("systems") => {
                for section in self.sections {
                    for (system, why) in &section.program.not_on {
                        println!("{}\t{system}\t{why}", section.slug);
                    }
                }
                ExitCode::SUCCESS
            }
            Ok(asked) => self.several(self.asked_for(&asked)),
            Err(err) => explain(&err),
        }
    }

    /// Reads words that do not begin with a section.
    fn asked(&self, words: &[OsString]) -> clap::error::Result<ArgMatches> {
        let mut command = self.command();
        let named = words.first().map(|word| word.to_string_lossy());
        match named.filter(|word| !word.starts_with('-')) {
            Some(word) => {
                let what = format!("no section `{word}`; `--list` names all");
                Err(command.error(ErrorKind::InvalidSubcommand, what))
            }
            None => command.try_get_matches_from(words),
        }
    }

    /// Returns the sections that a tour is to visit, or a list to name: a tour
    /// visits those of the day, a list names all, unless it is told otherwise.
    fn asked_for(&self, asked: &ArgMatches) -> Vec<&Section> {
        let all = asked.get_flag("all") || asked.get_flag("list");
        let wanted = |part: Part| match part {
            _ if asked.get_flag("core") => part != Part::Deeper,
            _ if asked.get_flag("day") => part == Part::Day,
            _ => all || part == Part::Day,
        };
        let sections = self.sections.iter();
        sections.filter(|section| wanted(section.part)).collect()
    }

    /// Runs sections one after the other, each below its title and what the
    /// page says about its output.
    fn several(&self, sections: Vec<&Section>) -> ExitCode {
        println!("{}", terminal::bold(self.title));
        let mut failed = false;
        let of = sections.len();
        for (i, section) in sections.iter().enumerate() {
            let Section {
                slug,
                title,
                module,
                ..
            } = section;
            let heading = format!("{} of {of}  {title}", i + 1);
            println!("\n{}", terminal::bold(&heading));
            for line in wrap(&section.announcement(), WIDTH) {
                println!("{line}");
            }
            println!();
            let status = match section.why_not_here(OS) {
                Some(why) => {
                    println!("not on {OS}: {why}");
                    ExitCode::SUCCESS
                }
                None => self.one(section, &[]),
            };
            if status == ExitCode::from(INTERRUPTED) || interrupt::was_heard() {
                return status;
            }
            failed |= status != ExitCode::SUCCESS;
            let typed = self.typed(slug);
            println!("More: {typed} --help, {}/src/{module}", self.package);
        }
        if of < self.sections.len() {
            let typed = self.typed("--all");
            println!("\nAll {} sections: {typed}", self.sections.len());
        }
        println!("Next: {}", self.next);
        ExitCode::from(u8::from(failed))
    }

    fn one(&self, section: &Section, words: &[OsString]) -> ExitCode {
        let command = section.command(&self.typed(&section.slug));
        section.run(command, words).unwrap_or_else(|err| {
            if let Some(err) = err.downcast_ref::<clap::Error>() {
                return explain(err);
            }
            // Ctrl-C ends a section's children, too; their end is no error
            // of the section then.
            signals::wait_until_heard();
            eprintln!("error: {err}");
            ExitCode::FAILURE
        })
    }

    /// Returns what the reader types before a section's options.
    fn typed(&self, word: &str) -> String {
        format!("cargo run -p {} -- {word}", self.package)
    }

    /// Returns the command line of the chapter, for clap.
    fn command(&self) -> Command {
        let ways = [
            (format!("cargo run -p {}", self.package), "tour the chapter"),
            (self.typed("SECTION"), "run one section"),
            (self.typed("SECTION --help"), "show its options"),
        ];
        let width = ways.iter().map(|(way, _)| way.len()).max();
        let usage = ways.iter().map(|(way, what)| {
            format!("\n  {way:0$}  {what}", width.unwrap_or_default())
        });
        let flag = |name: &'static str, help: &'static str| {
            Arg::new(name)
                .long(name)
                .action(ArgAction::SetTrue)
                .help(help)
        };
        let sections = self.sections.iter().map(|section| {
            let title = section.title.to_string();
            Command::new(leaked(&section.slug)).about(title)
        });
        Command::new(self.package)
            .about(self.title)
            .no_binary_name(true)
            .override_usage(usage.collect::<String>())
            .help_template(
                "{about}\n\nUsage:{usage}\n\nSections:\n{subcommands}\n\n\
                 Options:\n{options}",
            )
            .arg(flag("list", "List the sections: slug, tab, title"))
            .arg(flag("day", "List the sections that a tour visits"))
            .arg(flag("core", "Tour or list the core sections"))
            .arg(flag("all", "Tour all sections"))
            .arg(
                flag("systems", "List what does not run where, and why")
                    .exclusive(true),
            )
            .group(ArgGroup::new("part").args(["day", "core", "all"]))
            .args_conflicts_with_subcommands(true)
            .disable_help_subcommand(true)
            .subcommands(sections)
    }
}

/// Breaks a text between words into lines of at most `width` characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line)
                if line.chars().count() + word.chars().count() < width =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

/// clap keeps names for as long as the program runs, which prints them and ends.
fn leaked(name: &str) -> &'static str {
    Box::leak(name.into())
}

/// Prints what clap has to say, and returns the exit status that it means.
fn explain(err: &clap::Error) -> ExitCode {
    if err.use_stderr() {
        eprint!("{err}");
        ExitCode::from(USAGE)
    } else {
        // By `print!`, for which `last_words` knows what a closed pipe means.
        print!("{err}");
        ExitCode::SUCCESS
    }
}

/// Returns an error that says how the section was called wrongly: it is shown
/// with the section's usage, and means exit status 2.
pub fn usage_error(what: impl std::fmt::Display) -> Box<dyn Error> {
    let kind = ErrorKind::ArgumentConflict;
    clap::Error::raw(kind, what).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Options {
        /// Let the slow call fail
        #[arg(long)]
        fail: bool,
    }

    fn sections() -> Vec<Section> {
        let fails = |options: Options| match options.fail {
            true => Err("the slow call failed"),
            false => Ok(()),
        };
        let row = Section::new;
        vec![
            row(Part::Day, "spin", "# A spinner\n", with_options(fails)),
            row(
                Part::Core,
                "misused",
                "# Misused",
                plain(|| Err::<(), _>(usage_error("`--child` needs a parent"))),
            ),
            row(Part::Deeper, "thread_local", "# Of `T`", plain(|| ())),
        ]
    }

    fn tour(sections: &[Section]) -> Tour<'_> {
        Tour {
            package: "ch00",
            title: "A chapter",
            next: "nothing",
            sections,
        }
    }

    fn status(words: &[&str]) -> ExitCode {
        tour(&sections()).run(words.iter().map(OsString::from))
    }

    /// Returns what clap says of a chapter's own words.
    fn refused(words: &[&str]) -> clap::Error {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        tour(&sections()).asked(&words).unwrap_err()
    }

    #[test]
    fn columns_are_as_wide_as_their_longest_word() {
        let help = refused(&["--help"]).to_string();
        for line in [
            "A chapter",
            "  cargo run -p ch00                    tour the chapter",
            "  cargo run -p ch00 -- SECTION         run one section",
            "  cargo run -p ch00 -- SECTION --help  show its options",
            "  spin          A spinner",
            "  thread-local  Of `T`",
        ] {
            assert!(help.lines().any(|l| l == line), "{line}\n{help}");
        }
    }

    #[test]
    fn a_part_can_be_asked_for() {
        let sections = sections();
        let tour = tour(&sections);
        let slugs = |words: &[&str]| {
            let asked = tour.command().try_get_matches_from(words).unwrap();
            let asked = tour.asked_for(&asked);
            asked.iter().map(|s| s.slug.clone()).collect::<Vec<_>>()
        };
        let all = ["spin", "misused", "thread-local"];
        assert_eq!(slugs(&[]), all[..1]);
        assert_eq!(slugs(&["--all"]), all);
        assert_eq!(slugs(&["--list", "--day"]), all[..1]);
        assert_eq!(slugs(&["--list"]), all);
        assert_eq!(slugs(&["--core"]), all[..2]);
        assert_eq!(slugs(&["--list", "--core"]), all[..2]);
    }

    #[test]
    fn a_wrong_word_is_named() {
        for words in [
            &["--lsit"][..],
            &["no-such-section"],
            &["--list", "no-such-word"],
            &["--list", "spin"],
            &["--core", "--all"],
        ] {
            let err = refused(words);
            let word = words[words.len() - 1];
            assert!(err.to_string().contains(word), "{err}");
            assert_eq!(err.exit_code(), i32::from(USAGE));
        }
    }

    #[test]
    fn a_section_ends_with_its_status() {
        assert_eq!(status(&["spin"]), ExitCode::SUCCESS);
        assert_eq!(status(&["spin", "--fail"]), ExitCode::FAILURE);
        assert_eq!(status(&["spin", "--help"]), ExitCode::SUCCESS);
        let usage = ExitCode::from(USAGE);
        assert_eq!(status(&["spin", "--file"]), usage);
        assert_eq!(status(&["thread-local", "--fail"]), usage);
        assert_eq!(status(&["misused"]), usage);
    }

    #[test]
    fn a_section_shows_its_title_and_what_the_reader_types() {
        let sections = sections();
        let section = &sections[2];
        let typed = tour(&sections).typed(&section.slug);
        let help = section.command(&typed).render_help().to_string();
        assert!(help.starts_with("Of `T`\n"), "{help}");
        assert!(help.contains("cargo run -p ch00 -- thread-local"), "{help}");
    }

    #[test]
    fn a_section_that_does_not_run_here_fails_alone_and_not_in_a_tour() {
        let row = |system| {
            let failing = plain(|| Err::<(), _>("it ran"))
                .not_on(system, "There is no `fork`.");
            Section::new(Part::Day, "fork", "# Fork", failing)
        };
        let run = |system, words: &[&str]| {
            let sections = [row(system)];
            tour(&sections).run(words.iter().map(OsString::from))
        };
        assert_eq!(run(OS, &["fork"]), ExitCode::FAILURE);
        assert_eq!(run(OS, &["fork", "--help"]), ExitCode::SUCCESS);
        assert_eq!(run(OS, &[]), ExitCode::SUCCESS);
        assert_eq!(run("plan9", &[]), ExitCode::FAILURE);
        assert_eq!(run("plan9", &["--systems"]), ExitCode::SUCCESS);
    }

    #[test]
    fn sentences_are_broken_between_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two", 6), ["one", "two"]);
        assert_eq!(wrap("incomprehensible", 6), ["incomprehensible"]);
        assert_eq!(wrap("", 6), [""; 0]);
    }

    #[test]
    fn a_failed_section_does_not_end_the_tour_but_counts() {
        assert_eq!(status(&["--core"]), ExitCode::FAILURE);
        let sections =
            [Section::new(Part::Day, "fine", "# Fine", plain(|| ()))];
        assert_eq!(tour(&sections).run([].into_iter()), ExitCode::SUCCESS);
    }
}
