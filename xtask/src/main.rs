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
mod layout;
mod progress;
mod prove;
mod record;
mod record_outcomes;
mod report;
mod test_all;
mod timelines;
mod transcript;
mod workspace;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use workspace::Workspace;

/// What a command needs: the workspace, and the words behind the command.
type Run = fn(&Workspace, &[String]) -> Result<ExitCode, String>;

/// Name, its words, what it does, and the function that does it.
const COMMANDS: &[(&str, &str, &str, Run)] = &[
    ("test-all", "", "check everything", test_all::everything),
    (
        "test",
        "CHAPTER",
        "check one chapter, quickly",
        test_all::chapter,
    ),
    (
        "exercise",
        "[CHAPTER [NAME]]",
        "list the exercises, or check your solution of one",
        exercises::exercise,
    ),
    (
        "prove",
        "[CHAPTER [NAME]]",
        "prove the exercises both ways",
        prove::prove,
    ),
    (
        "reader",
        "[CHAPTER [SLUG]]",
        "run the sections as a reader does: on a terminal, piped, ended",
        as_reader::reader,
    ),
    (
        "record",
        "CHAPTER [SLUG] [--moving | --outcomes N]",
        "run the sections and keep what they print; all outcomes of N runs",
        record::record,
    ),
    ("bench", "[CHAPTER [NAME]]", "measure again", bench::bench),
    (
        "book",
        "[--open] [--epub]",
        "check and build the book",
        book::build,
    ),
    (
        "doctor",
        "",
        "what is here, what it is for, how to get the rest",
        doctor::doctor,
    ),
];

fn main() -> ExitCode {
    subprocess::end_with_signals();
    subprocess::end_when_nobody_reads();
    // What is not UTF-8 is no command of ours: it will not be found.
    let args = env::args_os().skip(1);
    let mut args: Vec<String> =
        args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    // The runner's own tests point it at a broken copy of a small workspace.
    let mut root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    if args.first().is_some_and(|arg| arg == "--root") && args.len() > 1 {
        root = PathBuf::from(args.remove(1));
        args.remove(0);
    }
    let Some((name, words)) = args.split_first() else {
        eprint!("{}", help());
        return ExitCode::from(2);
    };
    if name == "--help" || name == "-h" || name == "help" {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some((.., run)) = COMMANDS.iter().find(|(known, ..)| known == name)
    else {
        eprint!("error: no command `{name}`\n\n{}", help());
        return ExitCode::from(2);
    };
    let done = Workspace::open(&root).and_then(|workspace| {
        // The programs save below the folder that they are started in.
        env::set_current_dir(&workspace.root).map_err(|err| err.to_string())?;
        run(&workspace, words)
    });
    match done {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Says what is wrong with a command's words; exit status 2.
fn usage_error(message: &str) -> Result<ExitCode, String> {
    eprintln!("error: {message}\n\n{}", help());
    Ok(ExitCode::from(2))
}

fn help() -> String {
    let mut help = String::from("Usage: cargo xtask COMMAND\n\n");
    for (name, words, what, _) in COMMANDS {
        help += &format!("  {:<26}{what}\n", format!("{name} {words}"));
    }
    help += "\nexercise CHAPTER NAME also takes one of\n\n";
    for (flag, what) in exercises::FLAGS {
        help += &format!("  {flag:<26}{what}\n");
    }
    help
}
