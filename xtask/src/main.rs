//! The runner: one command re-checks every promise of the book.
//!
//! cargo xtask test-all

mod as_reader;
mod bench;
mod book;
mod cargo;
mod cli_conformance;
mod doctor;
mod exercises;
mod files;
mod fuzz;
mod layout;
mod new;
mod other_systems;
mod parallel;
mod prove;
mod record;
mod record_outcomes;
mod recordings;
mod report;
mod test_all;
mod transcript;
mod untraced;
mod workspace;

use std::env;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser, Subcommand};

use workspace::Workspace;

/// Re-checks every promise of the book
#[derive(Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
#[command(after_help = transcript::environment_help())]
struct Cli {
    /// Print each command and its arguments, separated by a tab
    #[arg(long, exclusive = true)]
    list_commands: bool,
    /// Work on this workspace, not on the one around the current folder: the
    /// runner's own tests name a broken copy
    #[arg(long, value_name = "FOLDER", hide = true)]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything
    TestAll(test_all::Options),
    /// Check one chapter, quickly
    Test { chapter: String },
    /// List the exercises, or check your solution of one
    Exercise(exercises::Options),
    /// Prove the exercises both ways: the right answer passes, wrong ones fail
    Prove(prove::Options),
    /// Run the sections as a reader does: on a terminal, piped, ended
    Reader {
        chapter: Option<String>,
        slug: Option<String>,
    },
    /// Run the sections and keep what they print
    Record(record::Options),
    /// Measure again
    Bench {
        chapter: Option<String>,
        name: Option<String>,
    },
    /// List the fuzzers, or run them: all, or one
    Fuzz(fuzz::Options),
    /// Compile for other systems, and run Windows' programs under Wine
    Systems,
    /// Check and build the book
    Book(book::Options),
    /// Begin a section: its folder, its module, its row in the table
    New(new::Options),
    /// Say which tools are here, what each is for, how to get the rest
    Doctor,
}

fn main() -> ExitCode {
    subprocess::end_with_signals();
    subprocess::end_on_closed_output();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refused) if refused.use_stderr() => refused.exit(),
        Err(help) => {
            // clap itself ignores that nothing could be printed.
            print!("{help}");
            return ExitCode::SUCCESS;
        }
    };
    if cli.list_commands {
        print!("{}", commands());
        return ExitCode::SUCCESS;
    }
    match run(cli) {
        Ok(code) => code,
        Err(err) => {
            eprintln!("error: {err:#}");
            ExitCode::from(if err.is::<UsageError>() { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let workspace = Workspace::open(cli.root)?;
    // Programs save files below the folder that they are started in.
    env::set_current_dir(&workspace.root)
        .with_context(|| workspace.root.display().to_string())?;
    let workspace = &workspace;
    match cli.command.expect("clap asks for a command") {
        Command::TestAll(options) => test_all::everything(workspace, &options),
        Command::Test { chapter } => test_all::chapter(workspace, &chapter),
        Command::Exercise(options) => exercises::exercise(workspace, &options),
        Command::Prove(options) => prove::prove(workspace, &options),
        Command::Reader { chapter, slug } => {
            as_reader::reader(workspace, chapter.as_deref(), slug.as_deref())
        }
        Command::Record(options) => record::record(workspace, &options),
        Command::Bench { chapter, name } => {
            let words = Vec::from_iter(chapter.into_iter().chain(name));
            bench::bench(workspace, &words)
        }
        Command::Fuzz(options) => fuzz::fuzz(workspace, &options),
        Command::Systems => test_all::systems(workspace),
        Command::Book(options) => book::build(workspace, &options),
        Command::New(options) => new::new(workspace, &options),
        Command::Doctor => doctor::doctor(workspace),
    }
}

/// Words that clap accepts and the workspace does not, such as the name of a
/// chapter that is not there; exit status 2.
#[derive(Debug)]
struct UsageError(String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// Refuses a command's words.
fn usage_error<T>(message: &str) -> Result<T> {
    Err(UsageError(message.to_string()).into())
}

/// Returns a line `NAME<TAB>ARGUMENTS` for each command.
fn commands() -> String {
    let mut cli = Cli::command();
    cli.build();
    let visible = cli.get_subcommands().filter(|c| c.get_name() != "help");
    visible
        .map(|command| {
            let arguments: Vec<String> =
                command.get_arguments().filter_map(argument).collect();
            format!("{}\t{}\n", command.get_name(), arguments.join(" "))
        })
        .collect()
}

/// Writes an argument as a usage line does: `CHAPTER`, `[SLUG]`, `[--open]`.
fn argument(arg: &clap::Arg) -> Option<String> {
    if arg.get_id() == "help" {
        return None;
    }
    let value = arg.get_value_names().unwrap_or_default().join(" ");
    let values = arg.get_num_args().unwrap_or_default();
    let word = match arg.get_long() {
        None => value,
        Some(long) if !values.takes_values() => format!("--{long}"),
        Some(long) if values.min_values() == 0 => format!("--{long} [{value}]"),
        Some(long) => format!("--{long} {value}"),
    };
    match arg.is_required_set() {
        true => Some(word),
        false => Some(format!("[{word}]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_listed_with_their_arguments() {
        let commands = commands();
        for line in [
            "test\tCHAPTER",
            "test-all\t[--deny-skips]",
            "record\tCHAPTER [SLUG] [--timelines] [--outcomes N]",
            "fuzz\t[NAME] [--seconds N]",
            "doctor\t",
        ] {
            let listed = commands.lines().any(|listed| listed == line);
            assert!(listed, "no `{line}` in\n{commands}");
        }
        assert!(!commands.contains("help"), "{commands}");
    }

    #[test]
    fn options_are_declared_without_contradiction() {
        Cli::command().debug_assert();
    }
}
