//! `bench`: runs the measuring programs and keeps their records.

use std::fs;
use std::process::ExitCode;

use serde_json::Value;

use crate::cargo::{benches, cargo};
use crate::workspace::Workspace;

/// Measures one chapter, or all.
///
/// A benchmark that prints a JSON object is one of ours: the object is its
/// record. Criterion's keep their own books.
pub fn bench(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let mut chapters: Vec<_> = workspace.chapters.iter().collect();
    match words {
        [] => {}
        [wanted] => chapters = vec![workspace.chapter(wanted)?],
        _ => return Err("bench takes one chapter, or none for all".into()),
    }
    let mut failed = false;
    for chapter in chapters {
        for bench in benches(&workspace.root, &chapter.name)? {
            let args =
                ["bench", "--locked", "-p", &chapter.name, "--bench", &bench];
            println!("cargo {}", args.join(" "));
            let run = cargo(&workspace.root, &args)?;
            if run.status != Some(0) {
                eprintln!("error: {bench}: {}\n{}", run.ending(), run.stderr);
                failed = true;
                continue;
            }
            let record = run.stdout.trim();
            match serde_json::from_str::<Value>(record) {
                Ok(Value::Object(_)) => {
                    let folder = chapter.dir.join("measurements");
                    let path = folder.join(format!("{bench}.json"));
                    fs::create_dir_all(&folder)
                        .and_then(|()| fs::write(&path, format!("{record}\n")))
                        .map_err(|err| format!("{}: {err}", path.display()))?;
                    println!("    {}", path.display());
                }
                _ => println!("{record}"),
            }
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}
