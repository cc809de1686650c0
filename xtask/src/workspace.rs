//! The chapters, and the programs that they build.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context, Error, Result, anyhow};

use crate::UsageError;
use crate::cargo;
use crate::transcript;

/// The folder that everything is in.
pub struct Workspace {
    pub root: PathBuf,
    /// The workspace of the runner and of the book's builder: the same folder,
    /// except in the runner's own tests.
    pub home: PathBuf,
    pub chapters: Vec<Chapter>,
    programs: Mutex<BTreeMap<String, PathBuf>>,
    python: OnceLock<Result<PathBuf, String>>,
}

/// A folder `chNN-topic`, which is also a package of that name.
pub struct Chapter {
    pub name: String,
    pub dir: PathBuf,
}

/// A line of a chapter's `--list`.
pub struct Section {
    pub slug: String,
    pub title: String,
}

impl Workspace {
    /// Finds the chapters of the workspace around the current folder, or below
    /// `root`, in reading order.
    ///
    /// The path is not the one that the runner was built in: two checkouts that
    /// share a target folder share the runner.
    pub fn open(root: Option<PathBuf>) -> Result<Workspace> {
        let home = cargo::locate_workspace()?;
        let root = root.unwrap_or_else(|| home.clone());
        let root = root
            .canonicalize()
            .with_context(|| root.display().to_string())?;
        let mut chapters = Vec::new();
        let entries =
            fs::read_dir(&root).with_context(|| root.display().to_string())?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let digits = name.strip_prefix("ch").and_then(|n| n.get(..2));
            let numbered =
                digits.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
            if numbered && entry.path().join("Cargo.toml").exists() {
                chapters.push(Chapter {
                    name,
                    dir: entry.path(),
                });
            }
        }
        chapters.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Workspace {
            root,
            home,
            chapters,
            programs: Mutex::default(),
            python: OnceLock::new(),
        })
    }

    /// Finds a chapter by its name or number: `ch04-async`, `ch04`, `4`.
    ///
    /// # Errors
    ///
    /// There is no such chapter; the message lists those that there are.
    pub fn chapter(&self, wanted: &str) -> Result<&Chapter> {
        let number = wanted.strip_prefix("ch").unwrap_or(wanted);
        let number = number.parse::<u32>().map(|n| format!("ch{n:02}-"));
        let found = self.chapters.iter().find(|chapter| {
            chapter.name == wanted
                || number.as_ref().is_ok_and(|n| chapter.name.starts_with(n))
        });
        found.ok_or_else(|| {
            let names: Vec<_> =
                self.chapters.iter().map(|c| c.name.as_str()).collect();
            let names = names.join(", ");
            UsageError(format!("no chapter `{wanted}`; there are {names}"))
                .into()
        })
    }

    /// Builds a chapter's program, once, and returns its path.
    pub fn program(&self, chapter: &str) -> Result<PathBuf> {
        self.built(chapter, || cargo::build(&self.root, chapter))
    }

    /// Builds the program of this name, once, and returns its path.
    pub fn built(
        &self,
        name: &str,
        build: impl FnOnce() -> Result<PathBuf>,
    ) -> Result<PathBuf> {
        // Held while building: two builds at once would wait for cargo anyway.
        let mut programs =
            self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = programs.get(name) {
            return Ok(path.clone());
        }
        let path = build()?;
        programs.insert(name.to_string(), path.clone());
        Ok(path)
    }

    /// Asks a chapter for its sections.
    pub fn sections(&self, chapter: &Chapter) -> Result<Vec<Section>> {
        let mut command = Command::new(self.program(&chapter.name)?);
        command.arg("--list");
        let list = subprocess::run(command, Duration::from_secs(60))?;
        let lines = list.stdout.lines().map(|line| {
            let (slug, title) = line.split_once('\t').ok_or_else(|| {
                anyhow!("{} --list: no tab in `{line}`", chapter.name)
            })?;
            Ok(Section {
                slug: slug.into(),
                title: title.into(),
            })
        });
        lines.collect()
    }

    /// Returns python3, if it is here and new enough.
    pub fn python(&self) -> Result<PathBuf> {
        self.python
            .get_or_init(find_python)
            .clone()
            .map_err(Error::msg)
    }

    /// Says which of `modules` this machine's Python lacks.
    pub fn missing_modules(&self, modules: &[String]) -> Vec<String> {
        let Ok(python) = self.python() else {
            return modules.to_vec();
        };
        let lacks = |module: &&String| {
            let mut command = Command::new(&python);
            command.args(["-c", &format!("import {module}")]);
            transcript::normalize_env(&mut command);
            let run = subprocess::run(command, Duration::from_secs(30));
            run.is_ok_and(|run| run.status == Some(0)).eq(&false)
        };
        modules.iter().filter(lacks).cloned().collect()
    }
}

fn find_python() -> Result<PathBuf, String> {
    let check = "import sys; assert sys.version_info >= (3, 11), sys.version";
    for name in ["python3", "python"] {
        let mut command = Command::new(name);
        command.args(["-c", check]);
        let run = subprocess::run(command, Duration::from_secs(30));
        if run.is_ok_and(|run| run.status == Some(0)) {
            return Ok(PathBuf::from(name));
        }
    }
    Err("no python3, 3.11 or newer".to_string())
}
