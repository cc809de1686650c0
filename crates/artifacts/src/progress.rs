//! What a reader has: the files they write, and what they have solved.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::exercise::Exercise;

/// The folder of a reader's files, which git ignores.
pub struct Progress {
    folder: PathBuf,
}

impl Progress {
    /// Returns `exercises/yours`, or what `EXERCISES_YOURS` names.
    pub fn of(root: &Path) -> Progress {
        let chosen = env::var_os("EXERCISES_YOURS").map(PathBuf::from);
        let folder = chosen.unwrap_or_else(|| root.join("exercises/yours"));
        Progress { folder }
    }

    /// Returns where the solution of an exercise is, or will be.
    pub fn file(&self, exercise: &Exercise) -> PathBuf {
        let name = exercise.name.replace('-', "_");
        let folder = self.folder.join(&exercise.chapter);
        folder.join(format!("{name}.rs"))
    }

    /// Makes the file from the stub if it is not there; says whether it did.
    ///
    /// A file that is there stays as it is.
    pub fn begin(&self, exercise: &Exercise) -> Result<bool> {
        let file = self.file(exercise);
        let stub = exercise.folder.join("stub.rs");
        let stub = fs::read_to_string(&stub)
            .with_context(|| stub.display().to_string())?;
        let name = || file.display().to_string();
        let folder = file.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).with_context(name)?;
        let mut options = OpenOptions::new();
        match options.write(true).create_new(true).open(&file) {
            Ok(mut new) => {
                new.write_all(stub.as_bytes()).with_context(name)?;
                Ok(true)
            }
            Err(err) if err.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(err) => Err(err).with_context(name),
        }
    }

    /// Puts the stub in the place of the file and returns where the old one
    /// is now.
    pub fn reset(&self, exercise: &Exercise) -> Result<PathBuf> {
        let file = self.file(exercise);
        if !file.exists() {
            bail!("there is no {} to reset", file.display());
        }
        let backup = |n: u32| file.with_extension(format!("{n}.old"));
        let free = (1..).map(backup).find(|path| !path.exists());
        let kept = free.context("no free name for the old file")?;
        fs::rename(&file, &kept).with_context(|| file.display().to_string())?;
        self.begin(exercise)?;
        Ok(kept)
    }

    /// Says whether the reader has solved it, ever.
    pub fn has_solved(&self, exercise: &Exercise) -> bool {
        self.notes()
            .contains(&format!("{} solved", exercise.path()))
    }

    /// Returns how many hints of an exercise the reader has asked for.
    pub fn hints_read(&self, exercise: &Exercise) -> usize {
        let prefix = format!("{} hint ", exercise.path());
        let notes = self.notes();
        let numbers = notes.iter().filter_map(|n| n.strip_prefix(&prefix));
        let numbers = numbers.filter_map(|number| number.parse().ok());
        numbers.max().unwrap_or_default()
    }

    /// Keeps that an exercise is `solved`, or which `hint N` was read.
    pub fn note(&self, exercise: &Exercise, what: &str) -> Result<()> {
        let mut notes = self.notes();
        if !notes.insert(format!("{} {what}", exercise.path())) {
            return Ok(());
        }
        let lines: String = notes.iter().map(|n| format!("{n}\n")).collect();
        // Whole or not at all: a full disk does not cost what was there.
        let (file, new) = (self.progress(), self.folder.join("progress.new"));
        fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&new, lines))
            .and_then(|()| fs::rename(&new, &file))
            .with_context(|| file.display().to_string())
    }

    fn notes(&self) -> BTreeSet<String> {
        // No file, no progress.
        let text = fs::read_to_string(self.progress()).unwrap_or_default();
        text.lines().map(str::to_string).collect()
    }

    fn progress(&self) -> PathBuf {
        self.folder.join("progress.txt")
    }
}
