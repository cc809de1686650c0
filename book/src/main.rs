//! Builds the book and checks it.
//!
//! cargo run -p book

use std::env;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;

use anyhow::{Context, Result};
use book::Built;
use book::fault::Fault;
use clap::Parser;

/// Builds the book and checks it
#[derive(Parser)]
struct Options {
    /// The workspace that the book is about; by default the one around the
    /// current folder
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Where to build it; by default `target/book` there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Put all pages into one file there, too, for an e-book reader
    #[arg(long)]
    epub: bool,
}

fn main() -> Result<ExitCode> {
    let options = Options::parse();
    let root = options.root.map_or_else(workspace, Ok)?;
    // mdBook would take a relative folder to be relative to the book.
    let root = absolute(root)?;
    let out = options.out.unwrap_or_else(|| root.join("target/book"));
    let out = absolute(out)?;
    match build(&root, &out, options.epub) {
        Ok(Built { pages, outputs }) => {
            println!(
                "{pages} pages, {outputs} outputs shown, {outputs} from a \
                 run: {}",
                out.join("index.html").display()
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            for fault in &faults {
                eprintln!("{fault}");
            }
            eprintln!("error: faults in the book: {}", faults.len());
            Ok(ExitCode::FAILURE)
        }
    }
}

fn build(root: &Path, out: &Path, epub: bool) -> Result<Built, Vec<Fault>> {
    let built = book::build(root, out)?;
    if epub {
        let file = book::epub::write(root, out)?;
        println!("{}", file.display());
    }
    Ok(built)
}

/// Finds the workspace around the current folder: the one that this program
/// was built in may be another checkout.
fn workspace() -> Result<PathBuf> {
    let here = env::current_dir()?;
    let mut folders = here.ancestors();
    let found = folders.find(|dir| dir.join("book/book.toml").is_file());
    found
        .map(Path::to_path_buf)
        .context("there is no book here; name --root")
}
