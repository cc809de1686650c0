//! The book: built by the package `book`, which brings mdBook along.
//!
//! A package of its own, so that mdBook is built only for the book.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::cargo::{build_bin, cargo, target};
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
    /// Serve it, so that its pages run and edit what they show
    #[arg(long)]
    live: bool,
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
    if options.live {
        return serve(workspace, &out, options.open);
    }
    if options.open {
        subprocess::show(out.join("index.html").as_ref())?;
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

/// Builds the server of the live book and becomes it.
fn serve(workspace: &Workspace, out: &Path, is_open: bool) -> Result<ExitCode> {
    let program = build_bin(&workspace.home, "live", "live")?;
    let mut command = Command::new(program);
    command.arg("--root").arg(&workspace.root);
    command.arg("--book").arg(out);
    command.arg("--target").arg(target(&workspace.root)?);
    // The exercises are checked by this program.
    command.arg("--runner").arg(env::current_exe()?);
    if is_open {
        command.arg("--open");
    }
    #[cfg(unix)]
    {
        // One process: Ctrl-C and a closed terminal reach the server itself.
        use std::os::unix::process::CommandExt;
        Err(command.exec().into())
    }
    #[cfg(not(unix))]
    {
        let status = command.status()?;
        Ok(ExitCode::from(u8::from(!status.success())))
    }
}
