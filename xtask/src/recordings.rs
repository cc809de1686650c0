//! What is recorded of a section beside its outputs: timelines, terminal
//! recordings and schedules. `record` keeps them, `test-all` makes each again.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail};
use artifacts::cast::Cast;
use artifacts::provenance::{machine, today};
use artifacts::room::Room;
use artifacts::schedules::{self, ScheduleContract};
use artifacts::section::SectionFile;
use artifacts::source_hash::source_hash;
use artifacts::timeline::{TimelineContract, Trace};

use crate::cargo::example;
use crate::files::{read, write};
use crate::report::Report;
use crate::transcript::normalize_env;
use crate::workspace::{Chapter, Workspace};

/// No timeline and no terminal recording takes longer, on the slowest machine.
const LIMIT: Duration = Duration::from_secs(120);

/// A file in `recorded/` that is not an output.
struct Recording {
    room: Room,
    name: String,
    kind: Kind,
}

enum Kind {
    Timeline(TimelineContract),
    Terminal,
    Schedules(ScheduleContract),
}

impl Recording {
    /// Returns its file, from the workspace's root.
    fn file(&self) -> String {
        let ending = match self.kind {
            Kind::Timeline(_) => "trace",
            Kind::Terminal => "cast",
            Kind::Schedules(_) => "json",
        };
        self.room.recorded(&self.name, ending)
    }

    /// Returns the command that it is recorded of: a contract has it, and a
    /// terminal recording's first line. An empty `NAME.cast` is recorded of the
    /// command of `[run.NAME]`.
    fn command(&self) -> Result<String> {
        match &self.kind {
            Kind::Timeline(contract) => Ok(contract.command.clone()),
            Kind::Schedules(contract) => Ok(contract.command.clone()),
            Kind::Terminal => {
                // A terminal may show another run than the output's: flags at
                // another speed, a spinner in real time.
                let recorded = read(&self.room.path(&self.file()))?;
                if let Ok(cast) = Cast::parse(&recorded) {
                    return Ok(cast.header.command);
                }
                let (section, _) = SectionFile::read(&self.room)?;
                let run = section.run.get(&self.name);
                run.map(|contract| contract.command.clone()).with_context(
                    || {
                        let (file, name) = (self.file(), &self.name);
                        format!("{file}: there is no [run.{name}]")
                    },
                )
            }
        }
    }

    /// Runs the command again; returns what the file is to hold.
    fn again(&self, workspace: &Workspace) -> Result<String> {
        let command = self.command()?;
        let section = source_hash(&self.room)?;
        let recorded = format!("{}, {}", today(), machine());
        match &self.kind {
            Kind::Timeline(contract) => {
                let trace = trace(workspace, &command)?;
                trace.keeps(contract)?;
                let full = Trace {
                    command,
                    section,
                    recorded,
                    ..trace
                };
                Ok(full.text())
            }
            Kind::Terminal => {
                terminal::record(workspace, &command, section, recorded)?.text()
            }
            Kind::Schedules(contract) => explore(workspace, contract),
        }
    }

    /// Says whether `again` differs from the file in more than it may.
    fn has_changed(&self, before: &str, again: &str) -> bool {
        // Another day or machine is no reason for another file.
        let events = |text: &str| -> Vec<String> {
            let lines = text.lines().enumerate();
            let lines = lines.filter(|(i, _)| *i != 4);
            lines.map(|(_, line)| line.to_string()).collect()
        };
        match self.kind {
            Kind::Timeline(_) => events(before) != events(again),
            // No two have the same times.
            Kind::Terminal => true,
            Kind::Schedules(_) => before != again,
        }
    }

    fn check(&self, workspace: &Workspace) -> Result<()> {
        let file = self.file();
        let section = source_hash(&self.room)?;
        match &self.kind {
            Kind::Timeline(contract) => {
                let recorded = self.room.parse(&file, Trace::parse)?;
                check_section(&recorded.section, &section)?;
                recorded.keeps(contract).context("what was recorded")?;
                let run = trace(workspace, &contract.command)?;
                recorded.agrees(&run, contract)
            }
            Kind::Terminal => {
                let recorded = self.room.parse(&file, Cast::parse)?;
                check_section(&recorded.header.section, &section)?;
                let command = &recorded.header.command;
                let run =
                    terminal::record(workspace, command, section, "".into())?;
                recorded.agrees(&run)
            }
            Kind::Schedules(contract) => {
                let again = explore(workspace, contract)?;
                differing(&read(&self.room.path(&file))?, &again)
            }
        }
    }
}

fn check_section(recorded: &str, section: &str) -> Result<()> {
    if recorded != section {
        bail!("the section is no longer the one that was recorded");
    }
    Ok(())
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

/// Lists what a chapter has: the timelines and schedules that its sections
/// promise, and the terminal recordings that are there.
fn all(workspace: &Workspace, chapter: &Chapter) -> Result<Vec<Recording>> {
    let mut all = Vec::new();
    for room in Room::all(&workspace.root, &chapter.name) {
        let (section, _) = SectionFile::read(&room)?;
        let timelines = section.timeline.into_iter();
        let timelines = timelines.map(|(name, c)| (name, Kind::Timeline(c)));
        let casts = room.names("cast").into_iter();
        let casts = casts.map(|name| (name, Kind::Terminal));
        let schedules = section.schedules.into_iter();
        let schedules =
            schedules.map(|c| ("schedules".to_string(), Kind::Schedules(c)));
        let kinds = timelines.chain(casts).chain(schedules);
        all.extend(kinds.map(|(name, kind)| Recording {
            room: room.clone(),
            name,
            kind,
        }));
    }
    Ok(all)
}

/// Writes a chapter's recordings again, or those of one section; says how many
/// there are, and whether all went well. Exploring schedules takes long: it
/// can be left out.
pub fn record(
    workspace: &Workspace,
    chapter: &Chapter,
    slug: Option<&String>,
    with_schedules: bool,
) -> Result<(usize, bool)> {
    let mut recordings = all(workspace, chapter)?;
    recordings.retain(|recording| {
        slug.is_none_or(|slug| *slug == recording.room.slug)
            && (with_schedules || !matches!(recording.kind, Kind::Schedules(_)))
    });
    let mut well = true;
    for recording in &recordings {
        println!("{}", recording.command()?);
        let path = recording.room.path(&recording.file());
        let text = match recording.again(workspace) {
            Ok(text) => text,
            Err(why) => {
                eprintln!("error: {}: {why:#}", recording.file());
                well = false;
                continue;
            }
        };
        // What is recorded for the first time has no file.
        let before = fs::read_to_string(&path).unwrap_or_default();
        if recording.has_changed(&before, &text) {
            write(&path, &text)?;
            println!("    {} lines, changed", text.lines().count());
        } else {
            println!("    as before");
        }
    }
    Ok((recordings.len(), well))
}

/// Makes every recording again, all chapters at once: they wait more than they
/// work.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    thread::scope(|scope| {
        for chapter in chapters {
            let recordings = match all(workspace, chapter) {
                Ok(recordings) => recordings,
                Err(why) => {
                    report.fail(&chapter.name, why, "");
                    continue;
                }
            };
            // One after the other within a chapter.
            scope.spawn(move || {
                for recording in &recordings {
                    let name = recording.file();
                    let is_terminal = matches!(recording.kind, Kind::Terminal);
                    if is_terminal && cfg!(not(unix)) {
                        report.skip(&name, "terminals are Unix's here");
                        continue;
                    }
                    let Room { chapter, slug, .. } = &recording.room;
                    let alone = match &recording.kind {
                        Kind::Schedules(contract) => contract.command.clone(),
                        _ => format!(
                            "cargo xtask record {chapter} {slug} --timelines"
                        ),
                    };
                    report.check(&name, &alone, || recording.check(workspace));
                }
            });
        }
    });
}

/// Explores the schedules; returns what the file is to hold.
fn explore(
    workspace: &Workspace,
    contract: &ScheduleContract,
) -> Result<String> {
    let mut words = contract.command.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    let limit = Duration::from_secs(contract.timeout_secs);
    let run = succeed(workspace, command, limit)?;
    schedules::Recording::parse(&run.stdout).context("it printed, in line")?;
    Ok(run.stdout)
}

/// Runs what draws a timeline: `cargo run -p CHAPTER --example NAME -- …`.
fn trace(workspace: &Workspace, command: &str) -> Result<Trace> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let [
        "cargo",
        "run",
        "-p",
        chapter,
        "--example",
        name,
        "--",
        ref args @ ..,
    ] = words[..]
    else {
        let how = "cargo run -p CHAPTER --example NAME -- …";
        bail!("the command is `{command}`, not `{how}`");
    };
    let program = workspace.built(&format!("{chapter} {name}"), || {
        example(&workspace.root, chapter, name)
    })?;
    let mut command = Command::new(program);
    command.args(args);
    Trace::from_stderr(&succeed(workspace, command, LIMIT)?.stderr)
}

/// Runs a command that has to end with status 0.
fn succeed(
    workspace: &Workspace,
    mut command: Command,
    limit: Duration,
) -> Result<subprocess::Finished> {
    command.current_dir(&workspace.root);
    normalize_env(&mut command);
    let run = subprocess::run(command, limit)?;
    if run.status != Some(0) {
        bail!("{}\n{}", run.ending(), run.stderr);
    }
    Ok(run)
}

#[cfg(not(unix))]
mod terminal {
    use super::*;

    pub fn record(
        _: &Workspace,
        _: &str,
        _: String,
        _: String,
    ) -> Result<Cast> {
        bail!("recordings are made on a Unix terminal")
    }
}

#[cfg(unix)]
mod terminal {
    use std::io::Read;
    use std::sync::mpsc;

    use artifacts::cast::{HEIGHT, Header, WIDTH};
    use subprocess::KillOnInterrupt;

    use super::*;

    /// Runs a command on a terminal of its own and keeps what it writes there.
    pub fn record(
        workspace: &Workspace,
        line: &str,
        section: String,
        recorded: String,
    ) -> Result<Cast> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["cargo", "run", "-p", chapter, "--", ref args @ ..] = words[..]
        else {
            bail!("`{line}` is not `cargo run -p CHAPTER -- …`");
        };
        let program = workspace.program(chapter)?;
        let (mut pty, pts) = pty_process::blocking::open()?;
        pty.resize(pty_process::Size::new(HEIGHT, WIDTH))?;
        let mut child = pty_process::blocking::Command::new(program)
            .args(args)
            .current_dir(&workspace.root)
            .env("NO_COLOR", "1")
            .env("RUST_BACKTRACE", "0")
            .env("TERM", "xterm-256color")
            .spawn(pts)?;
        let _listed = KillOnInterrupt::new(child.id());
        let started = Instant::now();
        let (ended, end) = mpsc::channel();
        thread::spawn(move || {
            let (mut read, mut bytes) = (Vec::new(), [0; 4096]);
            // The kernel says EIO when the last program has let go.
            while let Ok(n @ 1..) = pty.read(&mut bytes) {
                read.push((started.elapsed(), bytes[..n].to_vec()));
            }
            ended.send(read).ok();
        });
        let Ok(read) = end.recv_timeout(LIMIT) else {
            // It may have ended in this very moment.
            child.kill().ok();
            child.wait()?;
            bail!("cut off after {LIMIT:?}");
        };
        let status = child.wait()?;
        if !status.success() {
            bail!("{status}");
        }
        let (mut writes, mut rest) = (Vec::new(), Vec::new());
        for (at, bytes) in read {
            rest.extend(bytes);
            // A letter may be cut in two.
            let whole = match std::str::from_utf8(&rest) {
                Ok(text) => text.len(),
                Err(err) => err.valid_up_to(),
            };
            let text: Vec<u8> = rest.drain(..whole).collect();
            if !text.is_empty() {
                let text = String::from_utf8_lossy(&text).into_owned();
                writes.push((at.as_secs_f64(), text));
            }
        }
        let header = Header {
            version: 2,
            width: WIDTH,
            height: HEIGHT,
            command: line.to_string(),
            section,
            recorded,
        };
        Ok(Cast { header, writes })
    }
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
