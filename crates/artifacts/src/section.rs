//! `section.toml`: what a section promises of its runs, asks about them, and
//! says of its timelines.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::contract::Contract;
use crate::outcomes::Recorded;
use crate::quiz::{Answer, Quiz};
use crate::room::{Room, read};
use crate::schedules::ScheduleContract;
use crate::timeline::TimelineContract;

/// A whole `section.toml`.
#[derive(Deserialize, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct SectionFile {
    /// `[run.NAME]`: the command and what of its output is guaranteed. The
    /// output is in `recorded/NAME.txt`.
    #[serde(default)]
    pub run: BTreeMap<String, Contract>,
    /// `[quiz.NAME]`: a question about that run.
    #[serde(default)]
    pub quiz: BTreeMap<String, Quiz>,
    /// `[timeline.NAME]`: the command that tells a timeline, and what holds of
    /// each. The timeline is in `recorded/NAME.trace`.
    #[serde(default)]
    pub timeline: BTreeMap<String, TimelineContract>,
    /// `[schedules]`: the command that runs the section under every schedule.
    /// The recording is in `recorded/schedules.json`.
    pub schedules: Option<ScheduleContract>,
}

impl SectionFile {
    /// Reads the file of a room, and returns its text, too.
    ///
    /// # Errors
    ///
    /// There is none, or it has a key that is not known; the message begins
    /// with file and line.
    pub fn read(room: &Room) -> Result<(SectionFile, String)> {
        let path = room.file("section.toml");
        let text = read(room.root(), &path)?;
        let mut file: SectionFile =
            toml::from_str(&text).map_err(|err: toml::de::Error| {
                let at = err.span().map_or(0, |span| span.start);
                let line = text[..at].matches('\n').count() + 1;
                let what = err.message().replace('\n', " ");
                anyhow!("{path}:{line}: {what}")
            })?;
        for (name, contract) in &mut file.run {
            if contract.command.is_empty() {
                let line = line_of(&text, "run", name, "");
                contract.command =
                    room.default_command(name).with_context(|| {
                        format!("{path}:{line}: [run.{name}] has no `command`")
                    })?;
            }
        }
        Ok((file, text))
    }
}

impl SectionFile {
    /// Returns the choices of the question about a run, if there is one. `text`
    /// is that of the room's file.
    ///
    /// # Errors
    ///
    /// A choice that the contract says otherwise about; the message begins with
    /// file and line.
    pub fn answers(
        &self,
        room: &Room,
        text: &str,
        name: &str,
        output: &[String],
        outcomes: Option<&Recorded>,
    ) -> Result<Option<Vec<Answer>>> {
        let (Some(quiz), Some(contract)) =
            (self.quiz.get(name), self.run.get(name))
        else {
            return Ok(None);
        };
        let answers = quiz.answers(contract, output, outcomes);
        answers.map(Some).map_err(|(needle, what)| {
            let line = line_of(text, "quiz", name, &needle);
            anyhow!("{}:{line}: {what}", room.file("section.toml"))
        })
    }
}

/// Finds the line of `section.toml` or `outcomes.toml` on which a table says
/// `needle`, or its heading. `kind` is `run`, `quiz`, `timeline` or nothing.
pub fn line_of(text: &str, kind: &str, name: &str, needle: &str) -> usize {
    let table = match kind {
        "" => name.to_string(),
        kind => format!("{kind}.{name}"),
    };
    let headings = [format!("[{table}]"), format!("[[{table}.")];
    let is_heading = |l: &str| headings.iter().any(|h| l.starts_with(h));
    let from = text.lines().position(is_heading).unwrap_or_default();
    let mut rest = text.lines().skip(from);
    from + 1
        + rest
            .position(|line| line.contains(needle))
            .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> Result<SectionFile, String> {
        let folder = tempfile::tempdir().unwrap();
        let room = Room::new(folder.path(), "ch", "a");
        std::fs::create_dir_all(folder.path().join("ch/src/a")).unwrap();
        let path = room.path(&room.file("section.toml"));
        std::fs::write(path, text).unwrap();
        let read = SectionFile::read(&room).map(|(file, _)| file);
        read.map_err(|err| format!("{err:#}"))
    }

    #[test]
    fn a_run_of_the_section_itself_needs_no_command_and_others_do() {
        let file = section("[run.rust]\n[run.python]\n").unwrap();
        assert_eq!(file.run["rust"].command, "cargo run -p ch -- a");
        assert_eq!(file.run["python"].command, "python3 ch/src/a/twin.py");
        let err = section("[run.rust]\n[run.fast]\n").unwrap_err();
        assert_eq!(err, "ch/src/a/section.toml:2: [run.fast] has no `command`");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let err = section("[run.rust]\nsays = \"x\"\n").unwrap_err();
        assert!(err.starts_with("ch/src/a/section.toml:2: "), "{err}");
    }
}
