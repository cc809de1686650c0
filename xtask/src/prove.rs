//! Proves every exercise both ways: the stub fails, the reference passes, and
//! each wrong solution is caught, with the words that say what is wrong.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use artifacts::exercise::Exercise;
use artifacts::room::Room;

use crate::cargo::build_bin;
use crate::exercises::Verdict;
use crate::files::{list, read, write};
use crate::parallel::for_each;
use crate::report::{Report, Skips};
use crate::test_all::installed;
use crate::usage_error;
use crate::workspace::Workspace;

/// How often a reference has to pass: a check that fails a right answer by
/// chance is worse than none.
const TIMES: &str = "200";

/// A check cuts itself off after 20 seconds; the reference runs many times.
const LIMIT: Duration = Duration::from_secs(300);

/// Which exercises are proved.
#[derive(clap::Args)]
pub struct Options {
    chapter: Option<String>,
    name: Option<String>,
    /// Keep what the checks say about the wrong answers, for the book
    #[arg(long)]
    record: bool,
}

/// Proves the exercises of a chapter, or one, or all.
pub fn prove(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let all = Exercise::all(&workspace.root)?;
    let chosen = match (&options.chapter, &options.name) {
        (None, _) => Ok(all.iter().collect()),
        (Some(chapter), None) => Exercise::of(&all, chapter),
        (Some(chapter), Some(name)) => {
            Exercise::find(&all, chapter, name).map(|exercise| vec![exercise])
        }
    };
    let chosen = chosen.or_else(|why| usage_error(&why.to_string()))?;
    let report = Report::new();
    prove_all(workspace, &report, &chosen, options.record);
    Ok(report.finish(Skips::Allowed))
}

/// Proves all exercises; a workspace may have none.
pub fn check(workspace: &Workspace, report: &Report) {
    match Exercise::all(&workspace.root) {
        Ok(all) if all.is_empty() => {}
        Ok(all) => {
            report.step("exercises");
            prove_all(
                workspace,
                report,
                &all.iter().collect::<Vec<_>>(),
                false,
            );
        }
        Err(why) => report.fail("exercises", &why, ""),
    }
}

fn prove_all(
    workspace: &Workspace,
    report: &Report,
    exercises: &[&Exercise],
    record: bool,
) {
    if !installed(workspace, "fmt") {
        report.skip("format of the exercises", "cargo fmt is not installed");
    }
    let mut built = Vec::new();
    let mut chapters: Vec<&str> =
        exercises.iter().map(|e| e.chapter.as_str()).collect();
    chapters.dedup();
    for chapter in chapters {
        let command = format!("cargo build -p exercises --bin {chapter}");
        match build_bin(&workspace.root, "exercises", chapter) {
            Ok(program) => built.push((chapter, program)),
            Err(why) => report.fail(&command, why, &command),
        }
    }
    let built = &built;
    let programs = exercises.iter().filter_map(|exercise| {
        let mut built = built.iter();
        let its = built.find(|(chapter, _)| *chapter == exercise.chapter);
        its.map(|(_, program)| (*exercise, program))
    });
    // Twice as many as there are processors: a check has to be right under
    // load, too.
    let processors = thread::available_parallelism().map_or(2, |n| n.get());
    for_each(programs.collect(), 2 * processors, |(exercise, program)| {
        prove_one(workspace, report, program, exercise, record);
    });
}

fn prove_one(
    workspace: &Workspace,
    report: &Report,
    program: &Path,
    exercise: &Exercise,
    record: bool,
) {
    let started = Instant::now();
    let command =
        format!("cargo xtask prove {} {}", exercise.chapter, exercise.name);
    let mut faults = layout(workspace, exercise)
        .unwrap_or_else(|why| vec![format!("{why:#}")]);
    let run = |variant: &str, times: &str| {
        let mut command = Command::new(program);
        command.args([&exercise.name, variant, times]);
        Verdict::of(command, LIMIT)
    };
    let stub = run("stub", "1").and_then(|stub| match stub.status() {
        Some(1) => Ok(()),
        _ => Err(anyhow!("{}, not 1", stub.ending())),
    });
    let reference =
        run("reference", TIMES).and_then(|reference| {
            match reference.is_solved() {
                true => Ok(()),
                false => Err(anyhow!(reference.text())),
            }
        });
    let mut proofs = vec![
        ("stub".to_string(), stub),
        ("reference".to_string(), reference),
    ];
    for (name, words) in &exercise.text.wrong {
        let variant = format!("wrong/{name}");
        let caught = run(&variant, "1").and_then(|verdict| {
            check_caught(exercise, name, words, &verdict, record)
        });
        proofs.push((variant, caught));
    }
    for (variant, proof) in proofs {
        if let Err(why) = proof {
            faults.push(format!("{variant}: {why:#}"));
        }
    }
    let wrong = exercise.text.wrong.len();
    let what = format!(
        "{}: the stub fails, the reference passes {TIMES} times, {wrong} wrong \
         ones are caught",
        exercise.path()
    );
    if faults.is_empty() {
        report.pass_many(2 + wrong, &what, started.elapsed());
    } else {
        report.fail(&exercise.path(), faults.join("\n"), &command);
    }
}

/// Checks the report about a wrong solution, and that the book has this report.
fn check_caught(
    exercise: &Exercise,
    name: &str,
    words: &str,
    verdict: &Verdict,
    record: bool,
) -> Result<()> {
    let report = verdict.text();
    if verdict.status() != Some(1) {
        bail!("not caught: {}\n{report}", verdict.ending());
    }
    if !report.contains(words) {
        bail!("nothing about `{words}`:\n{report}");
    }
    let hints = exercise.text.hints.len();
    if !(1..=hints).any(|n| report.contains(&format!("hint {n} is about"))) {
        bail!("the report names a hint that is not there:\n{report}");
    }
    let path = exercise.folder.join(format!("wrong/{name}.txt"));
    if record {
        write(&path, &report)?;
    }
    if !exercise.text.varies && read(&path)? != report {
        bail!(
            "wrong/{name}.txt is another report; if this one is right, record \
             it (--record):\n{report}"
        );
    }
    Ok(())
}

/// Finds what is missing from an exercise, or there for nothing.
fn layout(workspace: &Workspace, exercise: &Exercise) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let folder = &exercise.folder;
    let mut sources = vec![];
    for file in ["stub.rs", "reference.rs", "check.rs"] {
        sources.push(folder.join(file));
    }
    let wrong = &exercise.text.wrong;
    if wrong.len() < 3 {
        faults.push("fewer than three wrong solutions".to_string());
    }
    for path in list(&folder.join("wrong"))? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if !wrong.contains_key(&*stem) {
            faults.push(format!("[wrong] does not name {}", path.display()));
        }
    }
    for name in wrong.keys() {
        let path = folder.join(format!("wrong/{name}.rs"));
        if !read(&path)?.starts_with("//! ") {
            let path = path.display();
            faults.push(format!("{path}: line 1 says what is wrong: `//! …`"));
        }
        sources.push(path);
    }
    let chapter = workspace.chapter(&exercise.chapter)?;
    let section = &exercise.text.section;
    let room = Room::new(&workspace.root, &chapter.name, section);
    if !room.path(&room.file("section.toml")).exists() {
        faults.push(format!("{} has no section `{section}`", chapter.name));
    }
    if !folder.join("page.md").exists() {
        faults.push(format!("{}/page.md is missing", folder.display()));
    }
    faults.extend(unformatted(workspace, &sources)?);
    Ok(faults)
}

/// `cargo fmt` does not see modules that a build script names.
fn unformatted(
    workspace: &Workspace,
    sources: &[std::path::PathBuf],
) -> Result<Option<String>> {
    if !installed(workspace, "fmt") {
        return Ok(None);
    }
    let mut command = Command::new("rustfmt");
    command.args(["--check", "--edition", "2024"]).args(sources);
    let run = subprocess::run(command, Duration::from_secs(60))?;
    if run.status == Some(0) {
        return Ok(None);
    }
    let lines: Vec<&str> = run.stdout.lines().take(20).collect();
    Ok(Some(format!("rustfmt --check: {}", lines.join("\n"))))
}
