//! Timelines and terminal recordings: kept by `record`, checked by `test-all`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::bench::{machine, today};
use crate::cargo::example;
use crate::report::Report;
use crate::transcript::{calm, files, read};
use crate::workspace::{Chapter, Workspace};
use xtask::cast::Cast;
use xtask::child;
use xtask::stamp::stamp;
use xtask::trace::{Promise, Trace};

/// No timeline and no recording takes longer, on the slowest machine.
const LIMIT: Duration = Duration::from_secs(120);

/// A file of a chapter's `traces` or `casts`.
struct Kept {
    path: PathBuf,
    slug: String,
    /// What stands behind the slug; often nothing.
    name: String,
}

/// Lists what a chapter keeps in a folder with files of this ending.
fn kept(
    chapter: &Chapter,
    folder: &str,
    ending: &str,
) -> Result<Vec<Kept>, String> {
    let mut kept = Vec::new();
    for path in files(&chapter.dir.join(folder))? {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(stem) = file.strip_suffix(ending) else {
            continue;
        };
        let (slug, name) = stem.split_once('.').unwrap_or((stem, ""));
        let (slug, name) = (slug.to_string(), name.to_string());
        kept.push(Kept { path, slug, name });
    }
    Ok(kept)
}

impl Kept {
    /// Runs the command again; returns what the file is to hold.
    fn again(
        &self,
        workspace: &Workspace,
        chapter: &Chapter,
    ) -> Result<String, String> {
        let command = self.command()?;
        let section = stamp(&chapter.dir, &self.slug)?;
        let recorded = format!("{}, {}", today(), machine());
        if self.is_trace() {
            let trace = trace(workspace, &command)?;
            trace.keeps(&self.promise()?)?;
            let full = Trace {
                command,
                section,
                recorded,
                ..trace
            };
            return Ok(full.text());
        }
        let cast = terminal::record(workspace, &command, section, recorded)?;
        cast.text().map_err(|err| err.to_string())
    }

    fn check(
        &self,
        workspace: &Workspace,
        chapter: &Chapter,
    ) -> Result<(), String> {
        let text = read(&self.path)?;
        let at = |(line, what): (usize, String)| {
            format!("{}:{line}: {what}", self.path.display())
        };
        let command = self.command()?;
        let section = stamp(&chapter.dir, &self.slug)?;
        if self.is_trace() {
            let recorded = Trace::parse(&text).map_err(at)?;
            same(&recorded.section, &section)?;
            let promise = self.promise()?;
            let kept = recorded.keeps(&promise);
            kept.map_err(|what| format!("what was recorded: {what}"))?;
            let run = trace(workspace, &command)?;
            return recorded.agrees(&run, &promise);
        }
        let recorded = Cast::parse(&text).map_err(at)?;
        same(&recorded.header.section, &section)?;
        let run =
            terminal::record(workspace, &command, section, String::new())?;
        recorded.agrees(&run)
    }

    fn is_trace(&self) -> bool {
        self.path.extension().is_some_and(|ending| ending == "txt")
    }

    /// Returns what stands on the first line, or in it.
    fn command(&self) -> Result<String, String> {
        let text = read(&self.path)?;
        let first = text.lines().next().unwrap_or_default().trim();
        if self.is_trace() || !first.starts_with('{') {
            return Ok(first.to_string());
        }
        let header: serde_json::Value = serde_json::from_str(first)
            .map_err(|err| format!("{}:1: {err}", self.path.display()))?;
        Ok(header["command"].as_str().unwrap_or_default().to_string())
    }

    fn promise(&self) -> Result<Promise, String> {
        let path = self.path.with_file_name(format!("{}.toml", self.slug));
        let mut tables: BTreeMap<String, Promise> =
            toml::from_str(&read(&path)?)
                .map_err(|err| format!("{}: {err}", path.display()))?;
        let table = if self.name.is_empty() {
            "trace"
        } else {
            &self.name
        };
        tables
            .remove(table)
            .ok_or(format!("{}: no table [{table}]", path.display()))
    }
}

fn same(recorded: &str, section: &str) -> Result<(), String> {
    if recorded == section {
        return Ok(());
    }
    Err("the section is no longer the one that was recorded".to_string())
}

fn all(chapter: &Chapter) -> Result<Vec<Kept>, String> {
    let mut all = kept(chapter, "traces", ".txt")?;
    all.extend(kept(chapter, "casts", ".cast")?);
    Ok(all)
}

/// Writes a chapter's timelines and recordings again, or those of one section;
/// says how many there are, and whether all went well.
pub fn record(
    workspace: &Workspace,
    chapter: &Chapter,
    slug: Option<&String>,
) -> Result<(usize, bool), String> {
    let mut kept = all(chapter)?;
    kept.retain(|kept| slug.is_none_or(|slug| *slug == kept.slug));
    let mut well = true;
    for kept in &kept {
        println!("{}", kept.command()?);
        let before = read(&kept.path)?;
        let text = match kept.again(workspace, chapter) {
            Ok(text) => text,
            Err(why) => {
                eprintln!("error: {}: {why}", kept.path.display());
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
        if kept.is_trace() && events(&before) == events(&text) {
            println!("    as before");
            continue;
        }
        fs::write(&kept.path, &text)
            .map_err(|err| format!("{}: {err}", kept.path.display()))?;
        println!("    {} lines, changed", text.lines().count());
    }
    Ok((kept.len(), well))
}

/// Runs every timeline and every recording again, all of them at once: they
/// wait more than they work.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    thread::scope(|scope| {
        for chapter in chapters {
            let kept = match all(chapter) {
                Ok(kept) => kept,
                Err(why) => {
                    report.fail(&chapter.name, &why, "");
                    continue;
                }
            };
            // One after the other within a chapter.
            scope.spawn(move || {
                for kept in &kept {
                    let name = kept.path.strip_prefix(&workspace.root);
                    let name = name.unwrap_or(&kept.path).display().to_string();
                    if !kept.is_trace() && cfg!(not(unix)) {
                        report.skip(&name, "terminals are Unix's here");
                        continue;
                    }
                    let alone = format!(
                        "cargo xtask record {} {} --moving",
                        chapter.name, kept.slug
                    );
                    let started = Instant::now();
                    match kept.check(workspace, chapter) {
                        Ok(()) => report.pass(&name, started.elapsed()),
                        Err(why) => report.fail(&name, &why, &alone),
                    }
                }
            });
        }
    });
}

/// Runs what draws a timeline: `cargo run -p CHAPTER --example NAME -- …`.
fn trace(workspace: &Workspace, command: &str) -> Result<Trace, String> {
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
        return Err(format!("line 1 is `{command}`, not `{how}`"));
    };
    let program = workspace.built(&format!("{chapter} {name}"), || {
        example(&workspace.root, chapter, name)
    })?;
    let mut command = Command::new(program);
    command.args(args).current_dir(&workspace.root);
    calm(&mut command);
    let run = child::run(command, LIMIT)?;
    if run.status != Some(0) {
        return Err(format!("{}\n{}", run.ending(), run.stderr));
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
    ) -> Result<Cast, String> {
        Err("recordings are made on a Unix terminal".to_string())
    }
}

#[cfg(unix)]
mod terminal {
    use std::io::Read;
    use std::sync::mpsc::{self, RecvTimeoutError};

    use xtask::cast::{HEIGHT, Header, WIDTH};
    use xtask::child::Listed;

    use super::*;

    /// Runs a command on a terminal of its own and keeps what it writes there.
    pub fn record(
        workspace: &Workspace,
        line: &str,
        section: String,
        recorded: String,
    ) -> Result<Cast, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["cargo", "run", "-p", chapter, "--", ref args @ ..] = words[..]
        else {
            return Err(format!("`{line}` is not `cargo run -p CHAPTER -- …`"));
        };
        let program = workspace.program(chapter)?;
        let text = |err: pty_process::Error| err.to_string();
        let (mut pty, pts) = pty_process::blocking::open().map_err(text)?;
        pty.resize(pty_process::Size::new(HEIGHT, WIDTH))
            .map_err(text)?;
        let mut child = pty_process::blocking::Command::new(program)
            .args(args)
            .current_dir(&workspace.root)
            .env("NO_COLOR", "1")
            .env("RUST_BACKTRACE", "0")
            .env("TERM", "xterm-256color")
            .spawn(pts)
            .map_err(text)?;
        let _listed = Listed::new(child.id());

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
        let status = child.wait().map_err(|err| err.to_string())?;
        if cut_off {
            return Err(format!("cut off after {LIMIT:?}"));
        }
        reader.join().expect("the reader does not panic");
        if !status.success() {
            return Err(format!("{status}"));
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

/// Finds what belongs to no section, or lacks its other half.
pub fn strays(
    chapter: &Chapter,
    known: impl Fn(&str) -> bool,
) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    let mut stray = |path: &Path, why: &str| {
        faults.push(format!("{} {why}", path.display()));
    };
    for kept in all(chapter)? {
        if !known(&kept.slug) {
            stray(&kept.path, "belongs to no section");
        } else if kept.is_trace()
            && let Err(why) = kept.promise()
        {
            stray(&kept.path, &format!("has no promise: {why}"));
        }
    }
    for promises in kept(chapter, "traces", ".toml")? {
        let tables: BTreeMap<String, Promise> =
            toml::from_str(&read(&promises.path)?)
                .map_err(|err| format!("{}: {err}", promises.path.display()))?;
        for table in tables.keys() {
            let file = match table.as_str() {
                "trace" => format!("{}.txt", promises.slug),
                name => format!("{}.{name}.txt", promises.slug),
            };
            if !promises.path.with_file_name(&file).exists() {
                stray(&promises.path, &format!("[{table}] has no {file}"));
            }
        }
    }
    Ok(faults)
}
