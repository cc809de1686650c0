//! `exercise`: lists the exercises, checks a reader's solution, tells hints.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use artifacts::exercise::Exercise;
use artifacts::progress::Progress;
use sha2::{Digest, Sha256};
use subprocess::Finished;

use crate::cargo;
use crate::files::read;
use crate::report::tail;
use crate::transcript::normalize_env;
use crate::untraced;
use crate::usage_error;
use crate::workspace::Workspace;

/// Checks cut themselves off after 20 seconds and say how far they came.
const LIMIT: Duration = Duration::from_secs(240);

/// How many of the last lines that a solution prints are shown.
const PRINTED: usize = 10;

/// Which exercises, and what of one is wanted: by default, a check.
#[derive(clap::Args)]
pub struct Options {
    chapter: Option<String>,
    name: Option<String>,
    /// Check again whenever the file changes
    #[arg(long, requires = "name", group = "mode")]
    watch: bool,
    /// Print the next hint, or the Nth
    #[arg(long, value_name = "N", num_args = 0..=1)]
    #[arg(requires = "name", group = "mode")]
    hint: Option<Option<usize>>,
    /// Print a right answer
    #[arg(long, requires = "name", group = "mode")]
    solution: bool,
    /// Begin with the stub again; the old file is kept beside it
    #[arg(long, requires = "name", group = "mode")]
    reset: bool,
}

/// Lists, checks, or helps, as the options say.
pub fn exercise(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let all = Exercise::all(&workspace.root)?;
    let progress = Progress::of(&workspace.root);
    let (chapter, name) = match (&options.chapter, &options.name) {
        (Some(chapter), Some(name)) => (chapter, name),
        (chapter, _) => {
            let listed = match chapter {
                None => Ok(all.iter().collect()),
                Some(chapter) => Exercise::of(&all, chapter),
            };
            list(
                &progress,
                &listed.or_else(|why| usage_error(&why.to_string()))?,
            );
            return Ok(ExitCode::SUCCESS);
        }
    };
    let exercise = Exercise::find(&all, chapter, name)
        .or_else(|why| usage_error(&why.to_string()))?;
    if options.watch {
        return watch(workspace, &progress, exercise);
    }
    if let Some(number) = options.hint {
        let next = progress.hints_read(exercise) + 1;
        let last = exercise.text.hints.len();
        return hint(&progress, exercise, number.unwrap_or(next.min(last)));
    }
    if options.solution {
        print!("{}", read(&exercise.folder.join("reference.rs"))?);
        return Ok(ExitCode::SUCCESS);
    }
    if options.reset {
        let kept = progress.reset(exercise)?;
        let file = relative(workspace, &progress.file(exercise));
        println!("{file} is the stub again");
        println!("{} is what was there", relative(workspace, &kept));
        return Ok(ExitCode::SUCCESS);
    }
    check(workspace, &progress, exercise)
}

fn list(progress: &Progress, exercises: &[&Exercise]) {
    let mut solved = 0;
    for exercise in exercises {
        let state = if progress.has_solved(exercise) {
            solved += 1;
            "solved"
        } else if progress.file(exercise).exists() {
            "begun"
        } else {
            ""
        };
        let Exercise { chapter, name, .. } = exercise;
        println!("{state:<7} {chapter} {name:<22} {}", exercise.text.title);
    }
    println!("\n{solved} of {} solved", exercises.len());
}

/// Prints a hint and keeps that it was read.
fn hint(
    progress: &Progress,
    exercise: &Exercise,
    number: usize,
) -> Result<ExitCode> {
    let hints = &exercise.text.hints;
    let Some(text) = number.checked_sub(1).and_then(|i| hints.get(i)) else {
        let count = hints.len();
        let name = &exercise.name;
        return usage_error(&format!("no hint {number}; {name} has {count}"));
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
) -> Result<ExitCode> {
    let is_new = progress.begin(exercise)?;
    let file = progress.file(exercise);
    let file_name = relative(workspace, &file);
    if is_new {
        println!("{}\n", exercise.text.title);
        println!("{}", wrapped(exercise.text.task.trim()));
        println!("\n{file_name} is yours to write.\n");
    }
    if untraced::runs_schedules(exercise) {
        let untraced = untraced::untraced(&read(&file)?);
        if !untraced.is_empty() {
            print!("{}", untraced::report(&untraced, &file_name));
            return Ok(ExitCode::FAILURE);
        }
    }
    eprintln!("checking {file_name}");
    let program = match build(workspace, exercise, &file)? {
        Ok(program) => program,
        Err(messages) => {
            // The compiler's messages, and no others.
            eprint!("{messages}");
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut command = Command::new(program);
    command.args([&exercise.name, "yours"]);
    let verdict = Verdict::of(command, LIMIT)?;
    print!("{}", verdict.text());
    if !verdict.is_solved() {
        return Ok(ExitCode::FAILURE);
    }
    progress.note(exercise, "solved")?;
    Ok(ExitCode::SUCCESS)
}

/// Checks again whenever the file's text changes, until Ctrl-C.
fn watch(
    workspace: &Workspace,
    progress: &Progress,
    exercise: &Exercise,
) -> Result<ExitCode> {
    let file = progress.file(exercise);
    progress.begin(exercise)?;
    loop {
        let checked = fs::read(&file).ok();
        check(workspace, progress, exercise)?;
        eprintln!("\nwaiting for you to save it; Ctrl-C ends");
        // An editor may replace a file: for a moment it is not there.
        while fs::read(&file).is_ok_and(|text| Some(text) == checked)
            || !file.exists()
        {
            thread::sleep(Duration::from_millis(200));
        }
    }
}

/// Builds a reader's file and its check into a program; or returns the
/// compiler's messages.
///
/// Cargo compares times of change, and a file that is moved or restored brings
/// an old one along. So the compiler reads a copy, in a folder whose name is a
/// hash of its text: another text is another path, and cargo builds again.
fn build(
    workspace: &Workspace,
    exercise: &Exercise,
    file: &Path,
) -> Result<Result<PathBuf, String>> {
    let root = &workspace.root;
    let solution = read(file)?;
    let check = exercise.folder.join("check.rs");
    let mut hash = Sha256::new();
    for part in [&solution, &read(&check)?, &check.display().to_string()] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let hash: String = hash.finalize()[..8]
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let Exercise { chapter, name, .. } = exercise;
    let folder = cargo::target(root)?
        .join("exercises")
        .join(chapter)
        .join(name);
    let folder = folder.join(hash);
    let copy = folder.join(file.file_name().unwrap_or_default());
    let modules = folder.join("modules.rs");
    let text = format!(
        "use exercise_harness::Exercise;\nmod yours {{\n    #[path = {copy:?}]\n    #[allow(dead_code)]\n    \
         pub mod solution;\n    #[path = {check:?}]\n    pub mod check;\n}}\n\
         const EXERCISES: &[Exercise] = &[Exercise {{\n    \
         chapter: {chapter:?}, name: {name:?},\n    \
         variants: &[(\"yours\", yours::check::check)],\n}}];\n"
    );
    fs::create_dir_all(&folder)
        .and_then(|()| write_if_different(&copy, &solution))
        .and_then(|()| write_if_different(&modules, &text))
        .with_context(|| folder.display().to_string())?;
    let mut command = Command::new("cargo");
    command
        .args(["build", "--quiet", "--locked", "-p", "exercises"])
        .args(["--bin", "yours", "--features", "yours"])
        .arg("--message-format=json-render-diagnostics")
        .env("EXERCISE_MODULES", &modules)
        .current_dir(root);
    normalize_env(&mut command);
    let run = subprocess::run(command, cargo::LIMIT)?;
    let messages = run
        .stderr
        .replace(&relative(workspace, &copy), &relative(workspace, file));
    let root = format!("{}{}", root.display(), std::path::MAIN_SEPARATOR);
    let messages = messages.replace(&root, "");
    if run.status != Some(0) {
        return Ok(Err(messages));
    }
    eprint!("{messages}");
    let program = cargo::executable(&run.stdout, "bin");
    Ok(Ok(program.context("cargo built no program")?))
}

/// Leaves a file alone that is as it should be: cargo looks at its time.
fn write_if_different(path: &Path, text: &str) -> std::io::Result<()> {
    match fs::read_to_string(path) {
        Ok(old) if old == text => Ok(()),
        _ => fs::write(path, text),
    }
}

/// What a check says of a solution.
///
/// Both run in one process and print to one stdout. The check marks its part
/// with a key that it reads from stdin before the solution runs, so that a
/// solution cannot forge it.
pub struct Verdict {
    run: Finished,
    key: String,
}

impl Verdict {
    /// Runs a check to its end.
    pub fn of(mut command: Command, limit: Duration) -> Result<Verdict> {
        // The standard library's hasher has new random keys in every process.
        let key = [0, 1].map(|n| RandomState::new().hash_one(n));
        let key = format!("{:016x}{:016x}", key[0], key[1]);
        command.env("EXERCISE_KEY", "stdin");
        normalize_env(&mut command);
        let run = subprocess::run_with_input(command, &key, limit)?;
        Ok(Verdict { run, key })
    }

    /// Returns the exit status.
    pub fn status(&self) -> Option<i32> {
        self.run.status
    }

    /// Says how the check ended, for a person.
    pub fn ending(&self) -> String {
        self.run.ending()
    }

    /// Says whether the check has come to its end and found nothing.
    ///
    /// The status alone does not: a solution may end the program with any.
    pub fn is_solved(&self) -> bool {
        let report = self.parts().map_or("", |(_, report)| report);
        self.run.status == Some(0) && report.trim_start().starts_with("solved:")
    }

    /// Splits stdout into what the solution printed and the check's report.
    fn parts(&self) -> Option<(&str, &str)> {
        self.run.stdout.rsplit_once(&self.key)
    }

    /// Returns the check's report, and behind it what the solution printed.
    pub fn text(&self) -> String {
        let Some((printed, report)) = self.parts() else {
            // The process ended before the check did.
            return format!(
                "not solved: your program ended the check, {}\n{}",
                self.run.ending(),
                last_lines(&self.run.stderr)
            );
        };
        let mut text = report.trim_start().to_string();
        let printed = last_lines(printed);
        if !printed.is_empty() {
            text += &format!("\nwhat it printed, the end of it:\n{printed}");
        }
        text
    }
}

fn last_lines(text: &str) -> String {
    let lines = tail(text, PRINTED);
    lines.iter().map(|line| format!("  {line}\n")).collect()
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

/// Returns a path from the workspace's root.
fn relative(workspace: &Workspace, path: &Path) -> String {
    let path = path.strip_prefix(&workspace.root).unwrap_or(path);
    path.display().to_string()
}
