//! The exercises: the same files, checks, hints and progress as those of
//! `cargo xtask exercise`.

use std::fs;
use std::io::ErrorKind;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use artifacts::exercise::Exercise;
use artifacts::progress::Progress;
use serde::Serialize;
use tokio::process::Command;

use crate::edits::{Conflict, replace, version};
use crate::event::{Event, Events};
use crate::process::{Limits, follow};
use crate::run::Stop;
use crate::server::Live;

/// The check ends itself after four minutes; a cold build comes before it.
const LIMIT: Duration = Duration::from_secs(50 * 60);

/// One exercise as its reader has it.
#[derive(Serialize, Debug)]
pub struct Practice {
    /// `ch01/visitors`.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The reader's text, or the stub.
    pub text: String,
    /// What the next save has to name.
    pub version: String,
    /// `exercises/yours/ch01/visitors.rs`.
    pub file: String,
    /// Whether the reader has a file.
    pub begun: bool,
    /// Whether the check has passed, ever.
    pub solved: bool,
    /// The hints that were read.
    pub hints: Vec<String>,
    /// How many there are.
    pub of_hints: usize,
}

/// A line of the list.
#[derive(Serialize, Debug)]
pub struct Listed {
    path: String,
    title: String,
    begun: bool,
    solved: bool,
}

/// Finds the exercise of the page `exercises/ch01/visitors.html`.
fn find(live: &Live, page: &str) -> Result<Exercise> {
    let path = page.strip_prefix("exercises/").unwrap_or_default();
    let path = path.strip_suffix(".html").unwrap_or_default();
    let all = Exercise::all(&live.root)?;
    let found = all.into_iter().find(|exercise| exercise.path() == path);
    found.with_context(|| format!("{page} is no exercise"))
}

/// Says whether a page is that of an exercise.
pub fn is_exercise(live: &Live, page: &str) -> bool {
    page.starts_with("exercises/") && find(live, page).is_ok()
}

/// Lists all exercises and how far the reader is.
///
/// # Errors
///
/// They cannot be read.
pub fn list(live: &Live) -> Result<Vec<Listed>> {
    let progress = Progress::of(&live.root);
    let all = Exercise::all(&live.root)?;
    let listed = all.iter().map(|exercise| Listed {
        path: exercise.path(),
        title: exercise.text.title.clone(),
        begun: progress.file(exercise).exists(),
        solved: progress.has_solved(exercise),
    });
    Ok(listed.collect())
}

/// Reads an exercise.
///
/// # Errors
///
/// There is none on this page, or it cannot be read.
pub fn read(live: &Live, page: &str) -> Result<Practice> {
    let exercise = find(live, page)?;
    let progress = Progress::of(&live.root);
    let file = progress.file(&exercise);
    let (text, begun) = match fs::read_to_string(&file) {
        Ok(text) => (text, true),
        Err(err) if err.kind() == ErrorKind::NotFound => {
            (fs::read_to_string(exercise.folder.join("stub.rs"))?, false)
        }
        Err(err) => {
            return Err(err).with_context(|| file.display().to_string());
        }
    };
    let read = progress.hints_read(&exercise);
    let name = file.strip_prefix(&live.root).unwrap_or(&file);
    Ok(Practice {
        path: exercise.path(),
        title: exercise.text.title.clone(),
        version: version(&text),
        text,
        file: name.display().to_string(),
        begun,
        solved: progress.has_solved(&exercise),
        hints: exercise.text.hints.iter().take(read).cloned().collect(),
        of_hints: exercise.text.hints.len(),
    })
}

/// Writes the reader's file.
///
/// # Errors
///
/// A [`Conflict`] if it has changed since the page read it, perhaps in an
/// editor; or it cannot be written.
pub fn save(
    live: &Live,
    page: &str,
    text: &str,
    seen: &str,
) -> Result<Practice> {
    let now = read(live, page)?;
    if now.version != seen && now.text != text {
        bail!(Conflict(format!(
            "{} was changed elsewhere since this page has read it",
            now.file
        )));
    }
    let exercise = find(live, page)?;
    let progress = Progress::of(&live.root);
    progress.begin(&exercise)?;
    if now.text != text {
        let file = progress.file(&exercise);
        replace(&file, text).with_context(|| file.display().to_string())?;
    }
    read(live, page)
}

/// Begins with the stub again; the old file is kept beside the new one.
///
/// # Errors
///
/// There is no file yet, or it cannot be moved.
pub fn reset(live: &Live, page: &str) -> Result<Practice> {
    let exercise = find(live, page)?;
    Progress::of(&live.root).reset(&exercise)?;
    read(live, page)
}

/// Tells the next hint and notes that it was read.
///
/// # Errors
///
/// There are no more.
pub fn hint(live: &Live, page: &str) -> Result<Practice> {
    let exercise = find(live, page)?;
    let progress = Progress::of(&live.root);
    let next = progress.hints_read(&exercise) + 1;
    if next > exercise.text.hints.len() {
        bail!("there are no more hints");
    }
    progress.note(&exercise, &format!("hint {next}"))?;
    read(live, page)
}

/// Returns a right answer.
///
/// # Errors
///
/// It cannot be read.
pub fn solution(live: &Live, page: &str) -> Result<String> {
    let exercise = find(live, page)?;
    fs::read_to_string(exercise.folder.join("reference.rs"))
        .context("the solution")
}

/// Checks the reader's file as `cargo xtask exercise` does: by that command.
///
/// # Errors
///
/// It cannot be started.
pub async fn check(
    live: &Live,
    page: &str,
    stop: Stop,
    events: &Events,
) -> Result<()> {
    let exercise = find(live, page)?;
    let progress = Progress::of(&live.root);
    progress.begin(&exercise)?;
    // It builds: one at a time.
    let _overlay = tokio::select! {
        overlay = live.overlay.lock() => overlay,
        () = stop.notified() => bail!("stopped"),
    };
    let mut command = match &live.runner {
        Some(runner) => std::process::Command::new(runner),
        None => {
            let mut command = std::process::Command::new("cargo");
            command.arg("xtask");
            command
        }
    };
    command.current_dir(&live.root);
    command.args(["exercise", &exercise.chapter, &exercise.name]);
    let limits = Limits { time: LIMIT, stop };
    let command = Command::from(command);
    let (run, ending) = follow(command, &limits, &live.reaper, events).await?;
    let is_solved = run.status == Some(0);
    let verdict = match ending.words(&limits) {
        Some(words) => words,
        None if is_solved => "solved".to_string(),
        None => "not solved yet".to_string(),
    };
    let event = Event::End {
        kept: Some(is_solved),
        verdict,
        took: u64::try_from(run.took.as_millis()).unwrap_or(u64::MAX),
        yours: None,
    };
    events.send(event).await.ok();
    Ok(())
}
