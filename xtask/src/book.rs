//! The book: built by the package `book`, which brings mdBook along.
//!
//! A package of its own, so that nobody waits for mdBook before page one.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::cargo::{cargo, target};
use crate::report::Report;
use crate::usage_error;
use crate::workspace::Workspace;

/// The workspace that the builder is in, wherever the book is.
const HOME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Builds the book, with `--epub` as one file too, and with `--open` shows it.
pub fn build(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let given = |option: &str| words.iter().any(|word| word == option);
    let (open, epub) = (given("--open"), given("--epub"));
    if words.len() > usize::from(open) + usize::from(epub) {
        return usage_error("book takes only --open and --epub");
    }
    let out = target(&workspace.root)?.join("book");
    eprintln!("building; the first time takes a minute or two");
    let run = weave(workspace, &out, if epub { &["--epub"] } else { &[] })?;
    print!("{}", run.stdout);
    eprint!("{}", run.stderr);
    if run.status != Some(0) {
        return Ok(ExitCode::FAILURE);
    }
    if open {
        show(&out.join("index.html"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds and checks the book at `out`.
pub fn check(workspace: &Workspace, report: &Report, out: &Path) {
    let alone = "cargo xtask book";
    match weave(workspace, out, &[]) {
        Ok(run) if run.status == Some(0) => {
            report.pass(run.stdout.trim(), run.took);
        }
        Ok(run) => {
            let said = format!("{}{}", run.stdout, run.stderr);
            report.fail("the book", said.trim(), alone);
        }
        Err(why) => report.fail("the book", &why, alone),
    }
}

fn weave(
    workspace: &Workspace,
    out: &Path,
    more: &[&str],
) -> Result<subprocess::Finished, String> {
    let manifest = format!("{HOME}/Cargo.toml");
    let (root, out) = (workspace.root.to_string_lossy(), out.to_string_lossy());
    let run = ["run", "--quiet", "--locked", "--manifest-path", &manifest];
    let what = ["-p", "book", "--", "--root", &root, "--out", &out];
    cargo(&workspace.root, &[&run[..], &what, more].concat())
}

fn show(page: &Path) -> Result<(), String> {
    let (opener, first): (_, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(opener);
    command.args(first).arg(page);
    let run = subprocess::run(command, Duration::from_secs(10));
    match run {
        Ok(run) if run.status == Some(0) => Ok(()),
        _ => Err(format!("{opener} failed; the book is {}", page.display())),
    }
}
