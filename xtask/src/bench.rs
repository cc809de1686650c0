//! `bench`: runs the measuring programs and keeps their records.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::cargo::{cargo, targets_of};
use crate::usage_error;
use crate::workspace::Workspace;

/// Measures one benchmark, one chapter, or all.
///
/// A benchmark that prints a JSON object is one of ours: the object is its
/// record, to which the date and the machine are added. Criterion's keep their
/// own books.
pub fn bench(workspace: &Workspace, words: &[String]) -> Result<ExitCode> {
    let mut chapters: Vec<_> = workspace.chapters.iter().collect();
    let wanted = match words {
        [] => None,
        [chapter] | [chapter, _] => {
            chapters = vec![workspace.chapter(chapter)?];
            words.get(1)
        }
        _ => return usage_error("bench takes a chapter and a name at most"),
    };
    let mut failed = false;
    let mut measured = 0;
    for chapter in &chapters {
        for target in targets_of(&workspace.root, &chapter.name, "bench")? {
            let bench = target.name;
            if wanted.is_some_and(|wanted| *wanted != bench) {
                continue;
            }
            measured += 1;
            let mut args = vec![
                "bench",
                "--locked",
                "-p",
                &chapter.name,
                "--bench",
                &bench,
            ];
            if !target.features.is_empty() {
                args.extend(["--features", &target.features]);
            }
            println!("cargo {}", args.join(" "));
            let run = cargo(&workspace.root, &args)?;
            if run.status != Some(0) {
                eprintln!("error: {bench}: {}\n{}", run.ending(), run.stderr);
                failed = true;
                continue;
            }
            match serde_json::from_str::<Value>(&run.stdout) {
                Ok(Value::Object(mut record)) => {
                    record.insert("date".into(), today().into());
                    record.insert("machine".into(), machine().into());
                    let record = serde_json::to_string_pretty(&record)
                        .with_context(|| bench.clone())?;
                    let folder = chapter.dir.join("measurements");
                    let path = folder.join(format!("{bench}.json"));
                    fs::create_dir_all(&folder)
                        .and_then(|()| fs::write(&path, format!("{record}\n")))
                        .with_context(|| path.display().to_string())?;
                    println!("    {}", path.display());
                }
                _ => println!("{}", run.stdout.trim()),
            }
        }
    }
    match wanted {
        Some(wanted) if measured == 0 => {
            Err(anyhow!("{} has no bench `{wanted}`", chapters[0].name))
        }
        _ => Ok(ExitCode::from(u8::from(failed))),
    }
}

/// Returns what this machine is called in a record.
pub fn machine() -> String {
    // Linux alone has this file; elsewhere the architecture must do.
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then_some(value.trim())
    });
    let cores = available_parallelism().map_or(1, usize::from);
    format!(
        "{} ({ARCH}), {cores} cores, {OS}",
        model.unwrap_or("processor")
    )
}

/// Returns today's date in UTC, by the Gregorian calendar's cycle of 400 years.
pub fn today() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = now.map_or(0, |now| now.as_secs());
    // Days since 1 March of the year 0: leap days come last in a year.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!(
        "{:04}-{month:02}-{day_of_month:02}",
        era * 400 + year + carry
    )
}
