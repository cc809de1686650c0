//! Transcripts: a command, and what it printed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::workspace::{Chapter, Workspace};
use xtask::child::{self, Finished};
use xtask::contract::{Contract, Kind};

/// One file of a chapter's `transcripts` folder, with its contract.
pub struct Transcript {
    pub path: PathBuf,
    pub slug: String,
    /// The table of its contract: `rust`, `python`, or the run's own name.
    pub table: String,
    /// Line 1, as a reader would type it.
    pub command: String,
    pub lines: Vec<String>,
    pub contract: Contract,
}

/// The contracts of one section, by the table's name.
type Contracts = BTreeMap<String, Contract>;

impl Transcript {
    /// Reads all transcripts of a chapter, in the order of their file names.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or a contract not understood; the message names
    /// the file.
    pub fn all(chapter: &Chapter) -> Result<Vec<Transcript>, String> {
        let folder = chapter.dir.join("transcripts");
        let mut transcripts = Vec::new();
        for path in files(&folder)? {
            if path.extension().is_some_and(|ending| ending == "txt") {
                transcripts.push(Transcript::read(path)?);
            }
        }
        Ok(transcripts)
    }

    fn read(path: PathBuf) -> Result<Transcript, String> {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let (slug, name) = stem.split_once('.').unwrap_or((&stem, ""));
        let slug = slug.to_string();
        let text = read(&path)?;
        let mut lines = text.lines().map(str::to_string);
        let command = lines.next().unwrap_or_default();

        let table = match name {
            "" => "rust",
            "py" => "python",
            other => other,
        };
        let contracts = path.with_file_name(format!("{slug}.toml"));
        let contract = contracts_in(&contracts)?.remove(table);
        Ok(Transcript {
            slug,
            table: table.to_string(),
            command,
            lines: lines.collect(),
            contract: contract.unwrap_or_default(),
            path,
        })
    }

    /// Runs the command, once.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn run(&self, workspace: &Workspace) -> Result<Finished, String> {
        self.run_under(workspace, &[])
    }

    /// Runs the command, once, as the last words of another, such as `nice`.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn run_under(
        &self,
        workspace: &Workspace,
        other: &[&str],
    ) -> Result<Finished, String> {
        let mut words = self.command.split_whitespace();
        let words: Vec<&str> = words.by_ref().collect();
        let mut command = match words[..] {
            // The program that cargo would build and run, without asking cargo
            // again each time.
            ["cargo", "run", "-p", chapter, "--", ref args @ ..] => {
                let mut command = Command::new(workspace.program(chapter)?);
                command.args(args);
                command
            }
            ["python3", ref args @ ..] => {
                let mut command = Command::new(workspace.python()?);
                command.args(args);
                command
            }
            [program, ref args @ ..] => {
                let mut command = Command::new(program);
                command.args(args);
                command
            }
            [] => return Err("line 1 has to be the command".to_string()),
        };
        if let [program, words @ ..] = other {
            let mut outer = Command::new(program);
            outer.args(words).arg(command.get_program());
            outer.args(command.get_args());
            command = outer;
        }
        command.current_dir(&workspace.root);
        calm(&mut command);
        let mut limit = Duration::from_secs(self.contract.within);
        if self.contract.contract == Kind::Refused {
            // The compiler may have to build what the program depends on.
            limit = limit.max(Duration::from_secs(600));
        }
        child::run(command, limit)
    }

    /// Checks a run against what was recorded.
    ///
    /// # Errors
    ///
    /// What differs.
    pub fn check(&self, run: &Finished) -> Result<(), String> {
        self.contract.check(&self.lines, run)
    }

    /// Writes the file again: the command, and what `run` printed.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn rewrite(&self, run: &Finished) -> Result<(), String> {
        let mut text = format!("{}\n", self.command);
        for line in self.contract.output(run) {
            text += &format!("{line}\n");
        }
        fs::write(&self.path, text)
            .map_err(|err| format!("{}: {err}", self.path.display()))
    }
}

/// Takes away what would make a program print differently from one machine to
/// the next.
pub fn calm(command: &mut Command) {
    command
        .env("RUST_BACKTRACE", "0")
        .env("CARGO_TERM_COLOR", "never")
        // Python would write its caches beside the twins.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .env_remove("NO_COLOR");
}

/// Reads the contracts of a section; a missing file has none.
///
/// # Errors
///
/// It is not TOML, or has a key that no contract has.
pub fn contracts_in(path: &Path) -> Result<Contracts, String> {
    if !path.exists() {
        return Ok(Contracts::new());
    }
    toml::from_str(&read(path)?)
        .map_err(|err| format!("{}: {err}", path.display()))
}

/// Reads a text file, naming it where that fails.
///
/// # Errors
///
/// It cannot be read, or is not UTF-8.
pub fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|err| format!("{}: {err}", path.display()))
}

/// Lists a folder's files, sorted; a missing folder has none.
///
/// # Errors
///
/// It cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).and_then(|dir| {
        dir.map(|entry| entry.map(|e| e.path()))
            .collect::<Result<Vec<_>, _>>()
    });
    let mut paths =
        entries.map_err(|err| format!("{}: {err}", folder.display()))?;
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths)
}
