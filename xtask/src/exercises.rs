//! `exercise`: lists the exercises, checks a reader's solution, tells hints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::cargo::target;
use crate::progress::Progress;
use crate::transcript::{normalize_env, read};
use crate::usage_error;
use crate::workspace::Workspace;
use artifacts::exercise::Exercise;
use subprocess::Finished;

/// Checks cut themselves off after 20 seconds and say how far they came.
const LIMIT: Duration = Duration::from_secs(240);

/// Stands between what a solution prints and what its check says.
const MARK: char = '\u{1e}';

/// Of what a solution prints, the last lines are shown.
const PRINTED: usize = 10;

/// What can stand behind an exercise, for the help.
pub const FLAGS: &[(&str, &str)] = &[
    ("--watch", "check again whenever you save"),
    ("--hint [N]", "the next hint, or the Nth"),
    ("--solution", "a right answer"),
    (
        "--reset",
        "the stub again; what was there is kept beside it",
    ),
];

/// Lists, checks, or helps, as the words say.
pub fn exercise(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let exercises = Exercise::all(&workspace.root)?;
    let progress = Progress::of(&workspace.root);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let names = words.iter().take_while(|word| !word.starts_with("--"));
    let (names, flags) = words.split_at(names.count());
    let [chapter, name] = match (names, flags) {
        ([], []) => {
            list(&progress, exercises.iter());
            return Ok(ExitCode::SUCCESS);
        }
        ([chapter], []) => match Exercise::of(&exercises, chapter) {
            Ok(its) => {
                list(&progress, its.into_iter());
                return Ok(ExitCode::SUCCESS);
            }
            Err(why) => return unknown(&why),
        },
        ([chapter, name], _) => [*chapter, *name],
        _ => return usage_error("exercise takes a chapter and a name"),
    };
    let exercise = match Exercise::find(&exercises, chapter, name) {
        Ok(exercise) => exercise,
        Err(why) => return unknown(&why),
    };
    match flags {
        [] => check(workspace, &progress, exercise),
        ["--watch"] => watch(workspace, &progress, exercise),
        ["--hint"] => {
            let next = progress.hints_read(exercise) + 1;
            hint(&progress, exercise, next.min(exercise.text.hints.len()))
        }
        ["--hint", number] => match number.parse() {
            Ok(number) => hint(&progress, exercise, number),
            Err(_) => usage_error(&format!("`{number}` is no number")),
        },
        ["--solution"] => {
            print!("{}", read(&exercise.folder.join("reference.rs"))?);
            Ok(ExitCode::SUCCESS)
        }
        ["--reset"] => {
            let kept = progress.reset(exercise)?;
            let file = progress.file(exercise);
            println!("{} is the stub again", shown(workspace, &file));
            println!("{} is what was there", shown(workspace, &kept));
            Ok(ExitCode::SUCCESS)
        }
        _ => usage_error(&format!("exercise has no `{}`", flags.join(" "))),
    }
}

fn unknown(why: &str) -> Result<ExitCode, String> {
    eprintln!("error: {why}");
    Ok(ExitCode::from(2))
}

fn list<'a>(
    progress: &Progress,
    exercises: impl Iterator<Item = &'a Exercise>,
) {
    let (mut solved, mut all) = (0, 0);
    for exercise in exercises {
        all += 1;
        let mark = if progress.has_solved(exercise) {
            solved += 1;
            "solved"
        } else if progress.file(exercise).exists() {
            "begun"
        } else {
            ""
        };
        let Exercise { chapter, name, .. } = exercise;
        println!("{mark:<7} {chapter} {name:<22} {}", exercise.text.title);
    }
    println!("\n{solved} of {all} solved");
}

/// Says a hint, and how to get at the next one.
fn hint(
    progress: &Progress,
    exercise: &Exercise,
    number: usize,
) -> Result<ExitCode, String> {
    let hints = &exercise.text.hints;
    let Some(text) = number.checked_sub(1).and_then(|i| hints.get(i)) else {
        let count = hints.len();
        return usage_error(&format!(
            "no hint {number}; {} has {count}",
            exercise.name
        ));
    };
    let text = format!("hint {number} of {}: {text}", hints.len());
    println!("{}", wrapped(&text));
    progress.note(exercise, &format!("hint {number}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Checks a reader's file; makes it first if it is not there.
fn check(
    workspace: &Workspace,
    progress: &Progress,
    exercise: &Exercise,
) -> Result<ExitCode, String> {
    let began = progress.begin(exercise)?;
    let file = progress.file(exercise);
    let file_shown = shown(workspace, &file);
    if began {
        println!("{}\n", exercise.text.title);
        println!("{}", wrapped(exercise.text.task.trim()));
        println!("\n{file_shown} is yours to write.\n");
    }
    eprintln!("checking {file_shown}");
    let program = match build(workspace, exercise, &file)? {
        Ok(program) => program,
        Err(words) => {
            // The compiler's words, and no others.
            eprint!("{words}");
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut command = Command::new(program);
    command.args([&exercise.name, "yours"]);
    normalize_env(&mut command);
    let run = subprocess::run(command, LIMIT)?;
    print!("{}", said(&run));
    if !is_solved(&run) {
        return Ok(ExitCode::FAILURE);
    }
    progress.note(exercise, "solved")?;
    Ok(ExitCode::SUCCESS)
}

/// Checks again whenever the file was saved, until Ctrl-C.
fn watch(
    workspace: &Workspace,
    progress: &Progress,
    exercise: &Exercise,
) -> Result<ExitCode, String> {
    let file = progress.file(exercise);
    loop {
        let before = saved(&file);
        check(workspace, progress, exercise)?;
        eprintln!("\nwaiting for you to save it; Ctrl-C ends");
        // A file that was made just now is no reason to look again.
        let before = before.or_else(|| saved(&file));
        // An editor may replace a file: for a moment it is not there.
        while saved(&file).is_none_or(|now| Some(now) == before) {
            thread::sleep(Duration::from_millis(200));
        }
    }
}

fn saved(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

/// Builds a reader's file and its check into a program; or returns what the
/// compiler says.
fn build(
    workspace: &Workspace,
    exercise: &Exercise,
    file: &Path,
) -> Result<Result<PathBuf, String>, String> {
    let root = &workspace.root;
    let folder = target(root)?.join("exercises");
    let name = format!("{}-{}.rs", exercise.chapter, exercise.name);
    let modules = folder.join(name);
    let check = exercise.folder.join("check.rs");
    let Exercise { chapter, name, .. } = exercise;
    let text = format!(
        "use exercise_harness::Exercise;\nmod yours {{\n    #[path = {file:?}]\n    #[allow(dead_code)]\n    \
         pub mod solution;\n    #[path = {check:?}]\n    pub mod check;\n}}\n\
         const EXERCISES: &[Exercise] = &[Exercise {{\n    \
         chapter: {chapter:?}, name: {name:?},\n    \
         variants: &[(\"yours\", yours::check::check)],\n}}];\n"
    );
    let wrote = fs::create_dir_all(&folder)
        .and_then(|()| write_if_new(&modules, &text));
    wrote.map_err(|err| format!("{}: {err}", modules.display()))?;
    let mut command = Command::new("cargo");
    command
        .args(["build", "--quiet", "--locked", "-p", "exercises"])
        .args(["--bin", "yours", "--features", "yours"])
        .arg("--message-format=json-render-diagnostics")
        .env("EXERCISE_MODULES", &modules)
        .current_dir(root);
    normalize_env(&mut command);
    let run = subprocess::run(command, Duration::from_secs(45 * 60))?;
    // Paths from here, as a reader sees them.
    let here = format!("{}{}", root.display(), std::path::MAIN_SEPARATOR);
    let words = run.stderr.replace(&here, "");
    if run.status != Some(0) {
        return Ok(Err(words));
    }
    eprint!("{words}");
    let program = run.stdout.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    });
    program.map(Ok).ok_or("cargo built no program".to_string())
}

/// Leaves a file alone that is as it should be: cargo looks at its time.
fn write_if_new(path: &Path, text: &str) -> std::io::Result<()> {
    match fs::read_to_string(path) {
        Ok(old) if old == text => Ok(()),
        _ => fs::write(path, text),
    }
}

/// Says whether the check has come to its end and found nothing.
///
/// A solution that ends the program ends it with a status of its choice.
pub fn is_solved(run: &Finished) -> bool {
    run.status == Some(0) && run.stdout.contains(MARK)
}

/// Returns what the check said, and behind it what the solution printed.
pub fn said(run: &Finished) -> String {
    let Some((printed, report)) = run.stdout.rsplit_once(MARK) else {
        // The process ended before the check did.
        let last = tail(&run.stderr);
        return format!(
            "not solved: your program ended the check, {}\n{last}",
            run.ending()
        );
    };
    let mut text = report.trim_start().to_string();
    let printed = tail(printed);
    if !printed.is_empty() {
        text += &format!("\nwhat it printed, the end of it:\n{printed}");
    }
    text
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(PRINTED);
    lines[from..].iter().map(|l| format!("  {l}\n")).collect()
}

/// Breaks a paragraph between words, for a terminal of 80 columns.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > 80 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// Returns a path as a reader sees it, from the workspace's root.
fn shown(workspace: &Workspace, path: &Path) -> String {
    let path = path.strip_prefix(&workspace.root).unwrap_or(path);
    path.display().to_string()
}
