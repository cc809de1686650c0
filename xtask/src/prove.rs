//! Proves every exercise both ways: the stub fails, the reference passes, and
//! each wrong solution is caught, with the words that say what is wrong.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::cargo::{build_bin, cargo};
use crate::exercises::{is_solved, said};
use crate::report::Report;
use crate::transcript::{files, normalize_env, read};
use crate::usage_error;
use crate::workspace::Workspace;
use artifacts::exercise::Exercise;
use artifacts::room::Room;
use subprocess::Finished;

/// How often a reference has to pass: a check that fails a right answer by
/// bad luck is worse than none.
const TIMES: &str = "200";

/// A check cuts itself off after 20 seconds; the reference runs many times.
const LIMIT: Duration = Duration::from_secs(300);

/// Proves the exercises of a chapter, or one, or all; `--record` keeps what
/// the check says about the wrong ones, for the book.
pub fn prove(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let all = Exercise::all(&workspace.root)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (words, record) = match words.split_last() {
        Some((&"--record", before)) => (before.to_vec(), true),
        _ => (words, false),
    };
    let chosen = match words[..] {
        [] => Ok(all.iter().collect()),
        [chapter] => Exercise::of(&all, chapter),
        [chapter, name] => {
            Exercise::find(&all, chapter, name).map(|exercise| vec![exercise])
        }
        _ => return usage_error("prove takes a chapter and a name"),
    };
    let chosen = match chosen {
        Ok(chosen) => chosen,
        Err(why) => return usage_error(&why),
    };
    let report = Report::new();
    prove_all(workspace, &report, &chosen, record);
    Ok(report.finish())
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
    let mut built = Vec::new();
    let mut chapters: Vec<&str> =
        exercises.iter().map(|e| e.chapter.as_str()).collect();
    chapters.dedup();
    for chapter in chapters {
        let command = format!("cargo build -p exercises --bin {chapter}");
        match build_bin(&workspace.root, "exercises", chapter) {
            Ok(program) => built.push((chapter, program)),
            Err(why) => report.fail(&command, &why, &command),
        }
    }
    let queue = Mutex::new(exercises.iter());
    let next = || queue.lock().expect("a worker panicked").next();
    // Twice as many as there are processors: a check has to be right under
    // load, too.
    let processors = thread::available_parallelism().map_or(2, |n| n.get());
    thread::scope(|scope| {
        for _ in 0..2 * processors {
            scope.spawn(|| {
                while let Some(exercise) = next() {
                    let mut built = built.iter();
                    let its = built.find(|(c, _)| *c == exercise.chapter);
                    if let Some((_, program)) = its {
                        one(workspace, report, program, exercise, record);
                    }
                }
            });
        }
    });
}

fn one(
    workspace: &Workspace,
    report: &Report,
    program: &Path,
    exercise: &Exercise,
    record: bool,
) {
    let started = Instant::now();
    let alone =
        format!("cargo xtask prove {} {}", exercise.chapter, exercise.name);
    let mut faults =
        layout(workspace, exercise).unwrap_or_else(|why| vec![why]);
    let mut fault = |variant: &str, why: String| {
        faults.push(format!("{variant}: {why}"));
    };
    let run = |variant: &str, times: &str| {
        let mut command = Command::new(program);
        command.args([&exercise.name, variant, times]);
        normalize_env(&mut command);
        subprocess::run(command, LIMIT)
    };
    match run("stub", "1") {
        Ok(run) if run.status == Some(1) => {}
        Ok(run) => fault("stub", format!("{}, not 1", run.ending())),
        Err(why) => fault("stub", why),
    }
    match run("reference", TIMES) {
        Ok(run) if is_solved(&run) => {}
        Ok(run) => fault("reference", said(&run)),
        Err(why) => fault("reference", why),
    }
    for (name, words) in &exercise.text.wrong {
        let caught = run(&format!("wrong/{name}"), "1")
            .and_then(|run| caught(exercise, name, words, &run, record));
        if let Err(why) = caught {
            fault(&format!("wrong/{name}"), why);
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
        report.fail(&exercise.path(), &faults.join("\n"), &alone);
    }
}

/// Checks what was said about a wrong solution, and that the book says so.
fn caught(
    exercise: &Exercise,
    name: &str,
    words: &str,
    run: &Finished,
    record: bool,
) -> Result<(), String> {
    if run.status != Some(1) {
        return Err(format!("not caught: {}\n{}", run.ending(), run.stderr));
    }
    let said = said(run);
    if !said.contains(words) {
        return Err(format!("nothing about `{words}`:\n{said}"));
    }
    let hints = exercise.text.hints.len();
    if !(1..=hints).any(|n| said.contains(&format!("hint {n} is about"))) {
        return Err(format!("a hint that there is not:\n{said}"));
    }
    let path = exercise.folder.join(format!("wrong/{name}.txt"));
    if record {
        fs::write(&path, &said)
            .map_err(|err| format!("{}: {err}", path.display()))?;
    }
    let recorded = read(&path)?;
    if !exercise.text.varies && recorded != said {
        return Err(format!(
            "wrong/{name}.txt is not what is said; if this is right, record \
             it (--record):\n{said}"
        ));
    }
    Ok(())
}

/// Finds what is missing from an exercise, or there for nothing.
fn layout(
    workspace: &Workspace,
    exercise: &Exercise,
) -> Result<Vec<String>, String> {
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
    for path in files(&folder.join("wrong"))? {
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
) -> Result<Option<String>, String> {
    let has_rustfmt = cargo(&workspace.root, &["fmt", "--version"]);
    if !has_rustfmt.is_ok_and(|run| run.status == Some(0)) {
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
