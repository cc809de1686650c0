//! Builds the book and checks it.
//!
//! cargo run -p book

use std::env;
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str =
    "Usage: cargo run -p book -- [--root DIR] [--out DIR] [--epub]

  --root DIR   the workspace that the book is about; this one by default
  --out DIR    where to build it; target/book by default
  --epub       put all pages into one file there, too, for an e-book reader";

fn main() -> ExitCode {
    let mut args: Vec<String> = env::args().skip(1).collect();
    let count = args.len();
    args.retain(|arg| arg != "--epub");
    let epub = args.len() < count;
    let (root, out) = match folders(args.into_iter()) {
        Ok(Some(folders)) => folders,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(what) => {
            eprintln!("error: {what}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let built = book::build(&root, &out).and_then(|built| match epub {
        true => book::epub::write(&root, &out)
            .map(|file| println!("{}", file.display()))
            .map(|()| built)
            .map_err(|fault| vec![fault]),
        false => Ok(built),
    });
    match built {
        Ok(book::Built { pages, outputs }) => {
            let index = out.join("index.html");
            println!(
                "{pages} pages, {outputs} outputs shown, {outputs} from a \
                 run: {}",
                index.display()
            );
            ExitCode::SUCCESS
        }
        Err(faults) => {
            for fault in &faults {
                eprintln!("{fault}");
            }
            eprintln!("error: faults in the book: {}", faults.len());
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line; `None` asks for help.
fn folders(
    mut args: impl Iterator<Item = String>,
) -> Result<Option<(PathBuf, PathBuf)>, String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut root = home.parent().unwrap_or(home).to_path_buf();
    let mut out = None;
    while let Some(arg) = args.next() {
        let mut folder = || args.next().ok_or(format!("{arg} needs a folder"));
        match &arg[..] {
            "--root" => root = folder()?.into(),
            "--out" => out = Some(PathBuf::from(folder()?)),
            "--help" | "-h" => return Ok(None),
            _ => return Err(format!("unexpected argument `{arg}`")),
        }
    }
    let out = out.unwrap_or_else(|| root.join("target/book"));
    // mdBook would take a relative folder to be relative to the book.
    let absolute = |folder: &Path| {
        path::absolute(folder)
            .map_err(|err| format!("{}: {err}", folder.display()))
    };
    Ok(Some((absolute(&root)?, absolute(&out)?)))
}
