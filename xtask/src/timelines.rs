//! Timelines and terminal recordings: kept by `record`, checked by `test-all`.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use artifacts::cast::Cast;
use artifacts::provenance::{machine, today};
use artifacts::room::Room;
use artifacts::section::SectionFile;
use artifacts::source_hash::source_hash;
use artifacts::timeline::{TimelineContract, Trace};

use crate::cargo::example;
use crate::report::Report;
use crate::transcript::{normalize_env, read};
use crate::workspace::{Chapter, Workspace};

/// No timeline and no recording takes longer, on the slowest machine.
const LIMIT: Duration = Duration::from_secs(120);

/// A timeline or a terminal recording of a section.
struct Recording {
    room: Room,
    name: String,
    kind: Kind,
}

enum Kind {
    Timeline(TimelineContract),
    Terminal,
}

impl Recording {
    /// Returns its file, from the workspace's root.
    fn file(&self) -> String {
        let ending = match self.kind {
            Kind::Timeline(_) => "trace",
            Kind::Terminal => "cast",
        };
        self.room.recorded(&self.name, ending)
    }

    /// Returns the command that it is recorded of: a timeline's contract has it,
    /// and a recording's first line. An empty `NAME.cast` is recorded of the
    /// command of `[run.NAME]`.
    fn command(&self) -> Result<String> {
        match &self.kind {
            Kind::Timeline(contract) => Ok(contract.command.clone()),
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
        if let Kind::Timeline(contract) = &self.kind {
            let trace = trace(workspace, &command)?;
            trace.keeps(contract)?;
            let full = Trace {
                command,
                section,
                recorded,
                ..trace
            };
            return Ok(full.text());
        }
        let cast = terminal::record(workspace, &command, section, recorded)?;
        cast.text()
    }

    fn check(&self, workspace: &Workspace) -> Result<()> {
        let file = self.file();
        let command = self.command()?;
        let section = source_hash(&self.room)?;
        if let Kind::Timeline(contract) = &self.kind {
            let recorded = self.room.parse(&file, Trace::parse)?;
            same(&recorded.section, &section)?;
            recorded.keeps(contract).context("what was recorded")?;
            let run = trace(workspace, &command)?;
            return recorded.agrees(&run, contract);
        }
        let recorded = self.room.parse(&file, Cast::parse)?;
        same(&recorded.header.section, &section)?;
        let run =
            terminal::record(workspace, &command, section, String::new())?;
        recorded.agrees(&run)
    }

    fn is_timeline(&self) -> bool {
        matches!(self.kind, Kind::Timeline(_))
    }
}

fn same(recorded: &str, section: &str) -> Result<()> {
    if recorded == section {
        return Ok(());
    }
    Err(anyhow!(
        "the section is no longer the one that was recorded"
    ))
}

/// Lists what a chapter has: the timelines that its sections promise, and the
/// terminal recordings that are there.
fn all(workspace: &Workspace, chapter: &Chapter) -> Result<Vec<Recording>> {
    let mut all = Vec::new();
    for room in Room::all(&workspace.root, &chapter.name) {
        let (section, _) = SectionFile::read(&room)?;
        let timelines = section.timeline.into_iter();
        let timelines = timelines.map(|(name, c)| (name, Kind::Timeline(c)));
        let casts = room.names("cast").into_iter();
        let casts = casts.map(|name| (name, Kind::Terminal));
        all.extend(timelines.chain(casts).map(|(name, kind)| Recording {
            room: room.clone(),
            name,
            kind,
        }));
    }
    Ok(all)
}

/// Writes a chapter's timelines and recordings again, or those of one section;
/// says how many there are, and whether all went well.
pub fn record(
    workspace: &Workspace,
    chapter: &Chapter,
    slug: Option<&String>,
) -> Result<(usize, bool)> {
    let mut recordings = all(workspace, chapter)?;
    recordings.retain(|r| slug.is_none_or(|slug| *slug == r.room.slug));
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
        // Another day or machine is no reason for another file.
        let events = |text: &str| -> Vec<String> {
            let lines = text.lines().enumerate();
            let lines = lines.filter(|(i, _)| *i != 4);
            lines.map(|(_, line)| line.to_string()).collect()
        };
        // A timeline that is recorded for the first time has no file.
        let before = fs::read_to_string(&path).unwrap_or_default();
        if recording.is_timeline() && events(&before) == events(&text) {
            println!("    as before");
            continue;
        }
        fs::create_dir_all(path.parent().unwrap_or(&path))
            .and_then(|()| fs::write(&path, &text))
            .with_context(|| path.display().to_string())?;
        println!("    {} lines, changed", text.lines().count());
    }
    Ok((recordings.len(), well))
}

/// Runs every timeline and every recording again, all of them at once: they
/// wait more than they work.
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
                    if !recording.is_timeline() && cfg!(not(unix)) {
                        report.skip(&name, "terminals are Unix's here");
                        continue;
                    }
                    let Room { chapter, slug, .. } = &recording.room;
                    let alone = format!(
                        "cargo xtask record {chapter} {slug} --timelines"
                    );
                    let started = Instant::now();
                    match recording.check(workspace) {
                        Ok(()) => report.pass(&name, started.elapsed()),
                        Err(why) => report.fail(&name, why, &alone),
                    }
                }
            });
        }
    });
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
    command.args(args).current_dir(&workspace.root);
    normalize_env(&mut command);
    let run = subprocess::run(command, LIMIT)?;
    if run.status != Some(0) {
        bail!("{}\n{}", run.ending(), run.stderr);
    }
    Trace::told(&run.stderr)
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
        Err(anyhow!("recordings are made on a Unix terminal"))
    }
}

#[cfg(unix)]
mod terminal {
    use std::io::Read;
    use std::sync::mpsc::{self, RecvTimeoutError};

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
        let (tx, rx) = mpsc::channel();
        let reader = thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The kernel says EIO when the last program has let go.
            while let Ok(n @ 1..) = pty.read(&mut bytes) {
                let write = (started.elapsed(), bytes[..n].to_vec());
                if tx.send(write).is_err() {
                    break;
                }
            }
        });
        let mut writes = Vec::new();
        let mut rest = Vec::new();
        let cut_off = loop {
            match rx.recv_timeout(LIMIT.saturating_sub(started.elapsed())) {
                Ok((at, bytes)) => {
                    rest.extend(bytes);
                    // A letter may be cut in two.
                    let whole = match std::str::from_utf8(&rest) {
                        Ok(text) => text.len(),
                        Err(err) => err.valid_up_to(),
                    };
                    let text: Vec<u8> = rest.drain(..whole).collect();
                    let text = String::from_utf8_lossy(&text).into_owned();
                    if !text.is_empty() {
                        writes.push((at.as_secs_f64(), text));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break false,
                Err(RecvTimeoutError::Timeout) => {
                    // It may have ended in this very moment.
                    child.kill().ok();
                    break true;
                }
            }
        };
        let status = child.wait()?;
        if cut_off {
            bail!("cut off after {LIMIT:?}");
        }
        reader.join().expect("the reader does not panic");
        if !status.success() {
            bail!("{status}");
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
