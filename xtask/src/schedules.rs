//! Recorded schedules: kept by `record`, explored again by `test-all`.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, anyhow, bail};
use artifacts::room::Room;
use artifacts::schedules::{Recording, ScheduleContract};
use artifacts::section::SectionFile;

use crate::report::Report;
use crate::transcript::{normalize_env, read};
use crate::workspace::{Chapter, Workspace};

/// The name of the file in `recorded/`.
const NAME: &str = "schedules";

/// Lists the sections of a chapter whose schedules are recorded.
fn all(
    workspace: &Workspace,
    chapter: &Chapter,
) -> Result<Vec<(Room, ScheduleContract)>> {
    let mut all = Vec::new();
    for room in Room::all(&workspace.root, &chapter.name) {
        let (section, _) = SectionFile::read(&room)?;
        all.extend(section.schedules.map(|contract| (room, contract)));
    }
    Ok(all)
}

/// Explores the schedules; returns what the file is to hold.
fn explore(
    workspace: &Workspace,
    contract: &ScheduleContract,
) -> Result<String> {
    let mut words = contract.command.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(&workspace.root);
    normalize_env(&mut command);
    let limit = Duration::from_secs(contract.timeout_secs);
    let run = subprocess::run(command, limit)?;
    if run.status != Some(0) {
        bail!("{}\n{}", run.ending(), run.stderr);
    }
    Recording::parse(&run.stdout).context("it printed, in line")?;
    Ok(run.stdout)
}

/// Writes the schedules of a chapter again, or those of one section; says how
/// many recordings there are.
pub fn record(
    workspace: &Workspace,
    chapter: &Chapter,
    slug: Option<&String>,
) -> Result<usize> {
    let mut rooms = all(workspace, chapter)?;
    rooms.retain(|(room, _)| slug.is_none_or(|slug| *slug == room.slug));
    for (room, contract) in &rooms {
        println!("{}", contract.command);
        let text = explore(workspace, contract)?;
        let path = room.path(&room.recorded(NAME, "json"));
        // What is recorded for the first time has no file.
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::create_dir_all(path.parent().unwrap_or(&path))
            .and_then(|()| fs::write(&path, &text))
            .map_err(|err| anyhow!("{}: {err}", path.display()))?;
        let changed = if before == text {
            "as before"
        } else {
            "changed"
        };
        println!("    {} lines, {changed}", text.lines().count());
    }
    Ok(rooms.len())
}

/// Explores all schedules of some chapters again, and compares.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    for chapter in chapters {
        let rooms = match all(workspace, chapter) {
            Ok(rooms) => rooms,
            Err(why) => {
                report.fail(&chapter.name, format!("{why:#}"), "");
                continue;
            }
        };
        for (room, contract) in &rooms {
            let file = room.recorded(NAME, "json");
            let started = Instant::now();
            let same = explore(workspace, contract)
                .and_then(|text| differing(&read(&room.path(&file))?, &text));
            match same {
                Ok(()) => report.pass(&file, started.elapsed()),
                Err(why) => {
                    report.fail(&file, format!("{why:#}"), &contract.command)
                }
            }
        }
    }
}

/// Names the first line in which two recordings differ.
fn differing(recorded: &str, again: &str) -> Result<()> {
    if recorded == again {
        return Ok(());
    }
    let mut pairs = recorded.lines().zip(again.lines()).enumerate();
    let first = pairs.find(|(_, (recorded, again))| recorded != again);
    Err(Error::msg(match first {
        Some((i, (recorded, again))) => format!(
            "line {}:\n  recorded  {recorded}\n  explored  {again}",
            i + 1
        ),
        None => "one is longer than the other".to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert!(differing("a\nb\n", "a\nb\n").is_ok());
        let err = differing("a\nb\n", "a\nc\n").unwrap_err().to_string();
        assert!(err.starts_with("line 2:\n  recorded  b"), "{err}");
        assert!(differing("a\n", "a\nb\n").is_err());
    }
}
