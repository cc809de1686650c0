//! The book: built by the package `book`, which brings mdBook along.
//!
//! A package of its own, so that mdBook is built only for the book.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::cargo::{cargo, target};
use crate::report::Report;
use crate::workspace::Workspace;

/// What the book is built for.
#[derive(clap::Args)]
pub struct Options {
    /// Show it in a browser
    #[arg(long)]
    open: bool,
    /// Build it as one EPUB file, too
    #[arg(long)]
    epub: bool,
}

/// Builds the book and prints what its builder says.
pub fn build(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let out = target(&workspace.root)?.join("book");
    eprintln!("building; the first time takes a minute or two");
    let run = run(
        workspace,
        &out,
        if options.epub { &["--epub"] } else { &[] },
    )?;
    print!("{}", run.stdout);
    eprint!("{}", run.stderr);
    if run.status != Some(0) {
        return Ok(ExitCode::FAILURE);
    }
    if options.open {
        show(&out.join("index.html"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds and checks the book at `out`.
pub fn check(workspace: &Workspace, report: &Report, out: &Path) {
    let command = "cargo xtask book";
    match run(workspace, out, &[]) {
        Ok(run) if run.status == Some(0) => {
            report.pass(run.stdout.trim(), run.took);
        }
        Ok(run) => {
            let output = format!("{}{}", run.stdout, run.stderr);
            report.fail("the book", output.trim(), command);
        }
        Err(why) => report.fail("the book", why, command),
    }
}

/// Runs the book's builder, which is where the runner is, wherever the book is.
fn run(
    workspace: &Workspace,
    out: &Path,
    more: &[&str],
) -> Result<subprocess::Finished> {
    let manifest = workspace.home.join("Cargo.toml");
    let manifest = manifest.to_string_lossy();
    let (root, out) = (workspace.root.to_string_lossy(), out.to_string_lossy());
    let run = ["run", "--quiet", "--locked", "--manifest-path", &manifest];
    let what = ["-p", "book", "--", "--root", &root, "--out", &out];
    cargo(&workspace.root, &[&run[..], &what, more].concat())
}

fn show(page: &Path) -> Result<()> {
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
        _ => Err(anyhow!("{opener} failed; the book is {}", page.display())),
    }
}
