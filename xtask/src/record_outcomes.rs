//! `record --outcomes`: what many runs of a section come to; and the check that
//! what was recorded, and what is asked about it, belongs to the contracts.

use std::collections::BTreeMap;
use std::hint;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, available_parallelism};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use artifacts::outcomes::{Outcomes, OutcomesFile, Recorded};
use artifacts::provenance::{machine, today};
use artifacts::room::Room;
use artifacts::section::SectionFile;

use crate::files::write;
use crate::transcript::Transcript;
use crate::workspace::{Chapter, Workspace};

/// The conditions under which outcomes are recorded. The scheduler decides,
/// and these are what its decisions depend on.
const CONDITIONS: [&str; 3] = [
    "all cores, nothing else",
    "one core",
    "all cores, each kept busy",
];

/// The program that runs another on one core; where it is missing, so is the
/// condition.
const ONE_CORE: &[&str] = &["taskset", "-c", "0"];

/// Runs each transcript whose contract has an `outcome` `runs` times under
/// each condition, and writes `recorded/outcomes.toml`.
pub fn record(
    workspace: &Workspace,
    transcripts: &[Transcript],
    runs: u32,
) -> Result<ExitCode> {
    let mut found: BTreeMap<Room, Outcomes> = BTreeMap::new();
    for transcript in transcripts {
        if transcript.contract.outcome.is_empty() {
            continue;
        }
        println!("{}", transcript.command());
        let recorded = record_one(workspace, transcript, runs)?;
        let (runs, distinct) = (recorded.total(), recorded.distinct);
        println!("    {runs} runs, {distinct} outcomes");
        let outcomes = found.entry(transcript.room.clone()).or_default();
        outcomes.insert(transcript.name.clone(), recorded);
    }
    if found.is_empty() {
        bail!("no contract here has an `outcome`");
    }
    for (room, outcomes) in &found {
        let path = room.path(&room.recorded("outcomes", "toml"));
        let text = toml::to_string_pretty(outcomes)
            .with_context(|| path.display().to_string())?;
        let head =
            "# Written by `cargo xtask record CHAPTER SLUG --outcomes N`.";
        write(&path, &format!("{head}\n\n{text}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs one transcript under each condition that this machine can make.
fn record_one(
    workspace: &Workspace,
    transcript: &Transcript,
    runs: u32,
) -> Result<Recorded> {
    let contract = &transcript.contract;
    let mut conditions: Vec<String> = Vec::new();
    let mut printed = Vec::new();
    for (i, condition) in CONDITIONS.into_iter().enumerate() {
        let prefix = if i == 1 { ONE_CORE } else { &[] };
        if i == 1 && first_line(ONE_CORE[0], &["--version"]).is_none() {
            eprintln!("    no {}: not on one core", ONE_CORE[0]);
            continue;
        }
        let mut all = Vec::new();
        with_cpu_load(i == 2, || {
            for _ in 0..runs {
                let run = transcript.run_under(workspace, prefix)?;
                transcript.check(&run)?;
                all.push(contract.output(&run));
            }
            anyhow::Ok(())
        })
        .with_context(|| transcript.file())?;
        conditions.push(condition.to_string());
        printed.push(all);
    }
    let (distinct, outcomes) = Recorded::sum_up(contract, &printed);
    let program = match transcript.is_python() {
        true => "python3",
        false => "rustc",
    };
    Ok(Recorded {
        fingerprint: contract
            .fingerprint(transcript.command(), transcript.lines()),
        date: today(),
        machine: machine(),
        version: first_line(program, &["--version"]).unwrap_or_default(),
        commit: commit(),
        runs: vec![runs; conditions.len()],
        conditions,
        distinct,
        outcomes,
    })
}

/// Does `work` while, if `busy`, a thread for each core only computes.
fn with_cpu_load<T>(busy: bool, work: impl FnOnce() -> T) -> T {
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
    let run = subprocess::run(command, Duration::from_secs(10)).ok()?;
    let line = run.stdout.lines().next().map(str::to_string);
    line.filter(|_| run.status == Some(0))
}

/// Checks what was recorded and what is asked in a chapter, without running
/// anything.
pub fn faults(workspace: &Workspace, chapter: &Chapter) -> Result<Vec<String>> {
    let transcripts = Transcript::all(workspace, chapter)?;
    let mut faults = Vec::new();
    for room in Room::all(&workspace.root, &chapter.name) {
        let (section, text) = SectionFile::read(&room)?;
        let outcomes = OutcomesFile::read(&room)?;
        for transcript in transcripts.iter().filter(|t| t.room == room) {
            let Transcript { name, contract, .. } = transcript;
            let lines = transcript.lines();
            let recorded = outcomes.of_run(name, contract, lines);
            if recorded.as_ref().is_ok_and(Option::is_none)
                && !contract.outcome.is_empty()
            {
                let path = &outcomes.path;
                let how = "record it, with --outcomes";
                faults.push(format!("{path}: no [{name}]; {how}"));
            }
            let recorded = recorded.and_then(|recorded| {
                section.answers(&room, &text, name, lines, recorded)
            });
            faults.extend(recorded.err().map(|why| format!("{why:#}")));
        }
        for name in outcomes.runs.keys().chain(section.quiz.keys()) {
            if !section.run.contains_key(name) {
                let folder = room.folder();
                faults.push(format!("{folder}: there is no [run.{name}]"));
            }
        }
    }
    Ok(faults)
}
