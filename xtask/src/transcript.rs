//! Transcripts: a command, and what it printed.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use artifacts::contract::{Contract, Kind};
use artifacts::output::Output;
use artifacts::room::{PYTHON, Room};
use artifacts::section::SectionFile;
use subprocess::Finished;
pub use subprocess::environment::{
    DEAD_PROXIES, NO_PROXIES, environment_help, normalize_env,
    with_dead_proxies,
};

use crate::files::{read, write};
use crate::workspace::{Chapter, Workspace};

/// One run of a section: its contract, and what was recorded of it.
pub struct Transcript {
    pub room: Room,
    /// The table of its contract: `rust`, `python`, or the run's own name.
    pub name: String,
    pub contract: Contract,
    /// What was recorded; nothing if it was not recorded yet.
    pub recorded: Option<Output>,
}

impl Transcript {
    /// Reads all runs of a chapter, in the order of their sections' names.
    ///
    /// # Errors
    ///
    /// A file cannot be read or understood; the message names it.
    pub fn all(
        workspace: &Workspace,
        chapter: &Chapter,
    ) -> Result<Vec<Transcript>> {
        let mut transcripts = Vec::new();
        for room in Room::all(&workspace.root, &chapter.name) {
            let (section, _) = SectionFile::read(&room)?;
            for (name, contract) in section.run {
                let path = room.path(&room.recorded(&name, "txt"));
                let recorded = match path.exists() {
                    true => Some(Output::parse(&read(&path)?)),
                    false => None,
                };
                transcripts.push(Transcript {
                    room: room.clone(),
                    name,
                    contract,
                    recorded,
                });
            }
        }
        Ok(transcripts)
    }

    /// Returns the file that it is recorded in, from the workspace's root.
    pub fn file(&self) -> String {
        self.room.recorded(&self.name, "txt")
    }

    /// Returns the command, as a reader types it.
    pub fn command(&self) -> &str {
        &self.contract.command
    }

    /// Returns the lines that were recorded.
    pub fn lines(&self) -> &[String] {
        self.recorded.as_ref().map_or(&[], |output| &output.lines)
    }

    /// Says whether it is a program of Python's.
    pub fn is_python(&self) -> bool {
        self.name == PYTHON || self.command().starts_with("python3 ")
    }

    /// Runs the command, once.
    pub fn run(&self, workspace: &Workspace) -> Result<Finished> {
        self.run_under(workspace, &[])
    }

    /// Runs the command, once, as the last words of another, such as `nice`.
    pub fn run_under(
        &self,
        workspace: &Workspace,
        prefix: &[&str],
    ) -> Result<Finished> {
        let words: Vec<&str> = self.command().split_whitespace().collect();
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
            [] => bail!("there is no command"),
        };
        if let [program, words @ ..] = prefix {
            let mut outer = Command::new(program);
            outer.args(words).arg(command.get_program());
            outer.args(command.get_args());
            command = outer;
        }
        command.current_dir(&workspace.root);
        normalize_env(&mut command);
        // The compiler may have to fetch what the program depends on.
        if self.contract.contract != Kind::Refused {
            with_dead_proxies(&mut command);
        }
        let mut limit = Duration::from_secs(self.contract.timeout_secs);
        if self.contract.contract == Kind::Refused {
            // The compiler may have to build what the program depends on.
            limit = limit.max(Duration::from_secs(600));
        }
        Ok(subprocess::run(command, limit)?)
    }

    /// Checks a run against what was recorded.
    pub fn check(&self, run: &Finished) -> Result<()> {
        let Some(recorded) = &self.recorded else {
            let how = self.record_command();
            bail!("{} is missing: {how}", self.file());
        };
        if recorded.command != self.command() {
            let how = self.record_command();
            let command = self.command();
            bail!("recorded of another command than `{command}`: {how}");
        }
        self.contract.check(&recorded.lines, run)
    }

    fn record_command(&self) -> String {
        let Room { chapter, slug, .. } = &self.room;
        format!("cargo xtask record {chapter} {slug}")
    }

    /// Records a run that keeps the contract; says whether that changed
    /// anything.
    ///
    /// # Errors
    ///
    /// The run breaks the contract, or the file cannot be written.
    pub fn record(&mut self, run: &Finished) -> Result<bool> {
        let new = Output {
            command: self.command().to_string(),
            lines: self.contract.output(run),
        };
        self.contract.check(&new.lines, run)?;
        write(&self.room.path(&self.file()), &new.text())?;
        let changed = self.recorded.as_ref() != Some(&new);
        self.recorded = Some(new);
        Ok(changed)
    }
}
