//! The exercises, as their folders describe them.
//!
//! An exercise is a folder `exercises/chNN/NAME/`:
//!
//! - `exercise.toml`: title, task and hints, a [`Text`];
//! - `stub.rs`: what a reader begins with; it compiles and fails;
//! - `reference.rs`: a right answer;
//! - `wrong/NAME.rs`: at least three known wrong answers. Line 1 says what is
//!   wrong: `//! …`. `wrong/NAME.txt` is what the check says about it, written
//!   by `cargo xtask prove CHAPTER NAME --record`;
//! - `check.rs`: the check, `pub fn check(check: &mut Check)`;
//! - `page.md`: a title and `{{#exercise chNN/NAME}}`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::suggest::did_you_mean;

/// One folder `exercises/chNN/NAME`.
pub struct Exercise {
    /// `ch01`.
    pub chapter: String,
    /// The folder's name.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
    /// What its `exercise.toml` says.
    pub text: Text,
}

/// `exercise.toml`. Sentences may have `code` in backticks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// What is built, or what goes wrong.
    pub title: String,
    /// The chapter's exercises stand in this order, the easy ones first.
    pub order: u32,
    /// The slug of the section that it practises.
    pub section: String,
    /// What to do.
    pub task: String,
    /// What the check looks at.
    pub looks_at: Vec<String>,
    /// What helps, the least first; a case of the check names one by number.
    pub hints: Vec<String>,
    /// The wrong solutions by the names of their files, and words that the
    /// check has to say about each.
    pub wrong: BTreeMap<String, String>,
    /// Whether what the check says differs from one run to the next, as it does
    /// where another process or a real socket takes part.
    #[serde(default)]
    pub varies: bool,
}

impl Exercise {
    /// Reads all exercises of the workspace at `root`, in reading order.
    ///
    /// # Errors
    ///
    /// A folder without an `exercise.toml`, or one that is not understood.
    pub fn all(root: &Path) -> Result<Vec<Exercise>> {
        let mut exercises = Vec::new();
        for chapter in folders(&root.join("exercises"))? {
            let is_chapter = |name: &str| {
                let digits = name.strip_prefix("ch").unwrap_or_default();
                digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())
            };
            let name = file_name(&chapter);
            if is_chapter(&name) {
                for folder in folders(&chapter)? {
                    exercises.push(Exercise::read(name.clone(), folder)?);
                }
            }
        }
        exercises.sort_by_key(|exercise| {
            let Exercise { chapter, name, .. } = exercise;
            (chapter.clone(), exercise.text.order, name.clone())
        });
        Ok(exercises)
    }

    fn read(chapter: String, folder: PathBuf) -> Result<Exercise> {
        let path = folder.join("exercise.toml");
        let text = fs::read_to_string(&path)
            .with_context(|| path.display().to_string())?;
        let text: Text = toml::from_str(&text)
            .with_context(|| path.display().to_string())?;
        Ok(Exercise {
            chapter,
            name: file_name(&folder),
            folder,
            text,
        })
    }

    /// Finds `ch01`, or `1`, and `NAME` among `exercises`.
    ///
    /// # Errors
    ///
    /// There is no such exercise; the message lists those that there are.
    pub fn find<'a>(
        exercises: &'a [Exercise],
        chapter: &str,
        name: &str,
    ) -> Result<&'a Exercise> {
        let of_chapter = Exercise::of(exercises, chapter)?;
        let found = of_chapter.iter().find(|exercise| exercise.name == name);
        found.copied().with_context(|| {
            let names: Vec<&str> =
                of_chapter.iter().map(|e| e.name.as_str()).collect();
            let near = did_you_mean(name, names.iter().copied());
            let near = match near.is_empty() {
                true => format!("; there are {}", names.join(", ")),
                false => near,
            };
            format!("no exercise `{name}` in {}{near}", of_chapter[0].chapter)
        })
    }

    /// Returns the exercises of `ch01`, or `1`: at least one.
    ///
    /// # Errors
    ///
    /// It has none; the message says which chapters have.
    pub fn of<'a>(
        exercises: &'a [Exercise],
        chapter: &str,
    ) -> Result<Vec<&'a Exercise>> {
        let number = chapter.strip_prefix("ch").unwrap_or(chapter);
        let number = number.split('-').next().unwrap_or_default();
        let wanted = number.parse::<u32>().map(|n| format!("ch{n:02}"));
        let its = exercises.iter().filter(|exercise| {
            wanted.as_ref().is_ok_and(|w| *w == exercise.chapter)
        });
        let its: Vec<&Exercise> = its.collect();
        if its.is_empty() {
            let mut chapters: Vec<&str> =
                exercises.iter().map(|e| e.chapter.as_str()).collect();
            chapters.dedup();
            let chapters = chapters.join(", ");
            bail!("no exercises of `{chapter}`; there are those of {chapters}");
        }
        Ok(its)
    }

    /// Returns `ch01/bounded-channel`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.chapter, self.name)
    }

    /// Returns the command that checks it, as a reader types it.
    pub fn command(&self) -> String {
        format!("cargo xtask exercise {} {}", self.chapter, self.name)
    }
}

fn folders(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let entries =
        fs::read_dir(path).with_context(|| path.display().to_string())?;
    let folders = entries.flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = folders.filter(|p| p.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
