//! `record --outcomes`: what many runs of a section come to; and the check that
//! what was recorded, and what is asked about it, belongs to the contracts.

use std::collections::BTreeMap;
use std::fs;
use std::hint;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, available_parallelism};
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::bench::{machine, today};
use crate::transcript::{Transcript, files, read};
use crate::workspace::{Chapter, Workspace};
use xtask::child;
use xtask::choices::Questions;
use xtask::outcomes::{Outcomes, Recorded, line_of};

/// The conditions under which outcomes are recorded. Luck is the scheduler's,
/// and this is what it looks at.
const CONDITIONS: [&str; 3] = [
    "all cores, nothing else",
    "one core",
    "all cores, each kept busy",
];

/// The program that runs another on one core; where it is missing, so is the
/// condition.
const ONE_CORE: &[&str] = &["taskset", "-c", "0"];

/// Runs each transcript whose contract has an `outcome` so `often` under each
/// condition, and writes `SLUG.outcomes.toml`.
pub fn record(
    workspace: &Workspace,
    transcripts: &[Transcript],
    often: u32,
) -> Result<ExitCode, String> {
    let mut found: BTreeMap<PathBuf, Outcomes> = BTreeMap::new();
    for transcript in transcripts {
        if transcript.contract.outcome.is_empty() {
            continue;
        }
        println!("{}", transcript.command);
        let recorded = runs(workspace, transcript, often)?;
        let (runs, distinct) = (recorded.total(), recorded.distinct);
        println!("    {runs} runs, {distinct} outcomes");
        let outcomes = found.entry(beside(transcript, "outcomes")).or_default();
        outcomes.insert(transcript.table.clone(), recorded);
    }
    if found.is_empty() {
        return Err("no contract here has an `outcome`".to_string());
    }
    for (path, outcomes) in &found {
        let text = toml::to_string_pretty(outcomes)
            .map_err(|err| format!("{}: {err}", path.display()))?;
        let head =
            "# Written by `cargo xtask record CHAPTER SLUG --outcomes N`.";
        fs::write(path, format!("{head}\n\n{text}"))
            .map_err(|err| format!("{}: {err}", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn runs(
    workspace: &Workspace,
    transcript: &Transcript,
    often: u32,
) -> Result<Recorded, String> {
    let contract = &transcript.contract;
    let mut conditions: Vec<String> = Vec::new();
    let mut printed = Vec::new();
    for (i, condition) in CONDITIONS.into_iter().enumerate() {
        let other = if i == 1 { ONE_CORE } else { &[] };
        if i == 1 && first_line(ONE_CORE[0], &["--version"]).is_none() {
            eprintln!("    no {}: not on one core", ONE_CORE[0]);
            continue;
        }
        let mut all = Vec::new();
        beside_busy_threads(i == 2, || {
            for _ in 0..often {
                let run = transcript.run_under(workspace, other)?;
                transcript.check(&run)?;
                all.push(contract.output(&run));
            }
            Ok::<_, String>(())
        })
        .map_err(|why| format!("{}: {why}", transcript.path.display()))?;
        conditions.push(condition.to_string());
        printed.push(all);
    }
    let (distinct, outcomes) = Recorded::sum_up(contract, &printed);
    let python = transcript.command.starts_with("python3 ");
    let program = if python { "python3" } else { "rustc" };
    Ok(Recorded {
        fingerprint: contract
            .fingerprint(&transcript.command, &transcript.lines),
        date: today(),
        machine: machine(),
        version: first_line(program, &["--version"]).unwrap_or_default(),
        commit: commit(),
        runs: vec![often; conditions.len()],
        conditions,
        distinct,
        outcomes,
    })
}

/// Does `work` while, if `busy`, a thread for each core only computes.
fn beside_busy_threads<T>(busy: bool, work: impl FnOnce() -> T) -> T {
    let cores = available_parallelism().map_or(1, usize::from);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..if busy { cores } else { 0 } {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    hint::spin_loop();
                }
            });
        }
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}

/// Names the commit that is checked out, with a `+` if there is more than that.
fn commit() -> String {
    let hash = first_line("git", &["rev-parse", "--short", "HEAD"]);
    let changed = first_line("git", &["status", "--porcelain", "-uno"]);
    match hash {
        Some(hash) if changed.is_some() => hash + "+",
        Some(hash) => hash,
        None => "no commit".to_string(),
    }
}

fn first_line(program: &str, args: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(args);
    let run = child::run(command, Duration::from_secs(10)).ok()?;
    let line = run.stdout.lines().next().map(str::to_string);
    line.filter(|_| run.status == Some(0))
}

/// Returns the file `SLUG.KIND.toml` beside a transcript.
fn beside(transcript: &Transcript, kind: &str) -> PathBuf {
    let name = format!("{}.{kind}.toml", transcript.slug);
    transcript.path.with_file_name(name)
}

/// Checks what was recorded and what is asked in a chapter, without running
/// anything.
///
/// # Errors
///
/// A file cannot be read or understood.
pub fn faults(chapter: &Chapter) -> Result<Vec<String>, String> {
    let transcripts = Transcript::all(chapter)?;
    let mut faults = Vec::new();
    for transcript in &transcripts {
        let path = beside(transcript, "outcomes");
        let (text, outcomes): (_, Outcomes) = load(&path)?;
        let recorded = outcomes.get(&transcript.table);
        let Transcript {
            command,
            contract,
            lines,
            table,
            ..
        } = transcript;
        let mut fault = |path: &Path, text: &str, err: (String, String)| {
            let (needle, what) = err;
            let line = line_of(text, table, &needle);
            faults.push(format!("{}:{line}: {what}", path.display()));
        };
        match recorded {
            Some(recorded) => {
                if let Err(err) = recorded.check(command, contract, lines) {
                    fault(&path, &text, err);
                }
            }
            None if !contract.outcome.is_empty() => {
                let what = format!("no [{table}]; record it, with --outcomes");
                fault(&path, &text, (String::new(), what));
            }
            None => {}
        }
        let path = beside(transcript, "choices");
        let (text, questions): (_, Questions) = load(&path)?;
        if let Some(question) = questions.get(table)
            && let Err(err) = question.answers(contract, lines, recorded)
        {
            fault(&path, &text, err);
        }
    }
    for path in files(&chapter.dir.join("transcripts"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let tables: Vec<String> = match name.split_once('.') {
            Some((_, "outcomes.toml")) => {
                load::<Outcomes>(&path)?.1.into_keys().collect()
            }
            Some((_, "choices.toml")) => {
                load::<Questions>(&path)?.1.into_keys().collect()
            }
            _ => continue,
        };
        for table in tables {
            let is = |t: &Transcript| {
                name.starts_with(&format!("{}.", t.slug)) && t.table == table
            };
            if !transcripts.iter().any(is) {
                let path = path.display();
                faults.push(format!("{path}: [{table}] has no transcript"));
            }
        }
    }
    Ok(faults)
}

/// Reads a TOML file and returns its text, too; a missing one is empty.
fn load<T: DeserializeOwned + Default>(
    path: &Path,
) -> Result<(String, T), String> {
    if !path.exists() {
        return Ok((String::new(), T::default()));
    }
    let text = read(path)?;
    let value = toml::from_str(&text)
        .map_err(|err| format!("{}: {err}", path.display()))?;
    Ok((text, value))
}
