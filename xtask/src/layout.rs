//! One idea, one room: holds each section's folder together with the program's
//! own list, and with what it says of itself.

use std::path::Path;

use anyhow::{Result, bail};
use artifacts::room::{PYTHON, RUST, Room};
use artifacts::section::SectionFile;

use crate::cargo::packages;
use crate::files::{list, read};
use crate::new;
use crate::record_outcomes;
use crate::report::Report;
use crate::workspace::{Chapter, Workspace};

/// Checks every chapter, and what the chapters have in common.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    for chapter in chapters {
        report.check(&format!("layout of {}", chapter.name), "", || {
            let faults = faults_of(workspace, chapter)?;
            refuse(&faults)
        });
        report.check(&format!("outcomes of {}", chapter.name), "", || {
            refuse(&record_outcomes::faults(workspace, chapter)?)
        });
    }
    report.check("every dependency has its reason", "", || {
        reasons(&workspace.root)
    });
}

fn refuse(faults: &[String]) -> Result<()> {
    if !faults.is_empty() {
        bail!(faults.join("\n"));
    }
    Ok(())
}

fn faults_of(workspace: &Workspace, chapter: &Chapter) -> Result<Vec<String>> {
    let sections = workspace.sections(chapter)?;
    let slugs: Vec<&str> = sections.iter().map(|s| s.slug.as_str()).collect();
    let rooms = Room::all(&workspace.root, &chapter.name);
    let mut faults = Vec::new();
    for slug in &slugs {
        let room = Room::new(&workspace.root, &chapter.name, slug);
        let needed =
            ["mod.rs", "page.md", "section.toml"].map(|f| room.file(f));
        for file in needed {
            if !room.path(&file).exists() {
                faults.push(format!("{file} is missing"));
            }
        }
    }
    for room in &rooms {
        if !slugs.contains(&room.slug.as_str()) {
            let table = format!("{}/src/main.rs", chapter.name);
            let folder = room.folder();
            faults.push(format!("{folder} has no row in the table of {table}"));
        }
        faults.extend(faults_in(room)?);
        faults.extend(new::unwritten(room)?);
    }
    faults.extend(module_order(chapter, &slugs)?);
    Ok(faults)
}

/// Finds what is missing in a room, and what is there for nothing.
fn faults_in(room: &Room) -> Result<Vec<String>> {
    let (section, _) = SectionFile::read(room)?;
    let folder = room.folder();
    let mut faults = Vec::new();
    if !section.run.contains_key(RUST) {
        faults.push(format!("{folder}/section.toml has no [run.{RUST}]"));
    }
    let has_twin = room.path(&room.file("twin.py")).exists();
    if has_twin != section.run.contains_key(PYTHON) {
        let what = "twin.py and [run.python] need each other";
        faults.push(format!("{folder}: {what}"));
    }
    let mut pair = |ending: &str, kind: &str, tables: Vec<&String>| {
        let names = room.names(ending);
        for name in tables.iter().filter(|name| !names.contains(name)) {
            let file = room.recorded(name, ending);
            faults
                .push(format!("[{kind}.{name}]: {file} is missing; record it"));
        }
        for name in names.iter().filter(|name| !tables.contains(name)) {
            let file = room.recorded(name, ending);
            faults.push(format!("{file}: there is no [{kind}.{name}]"));
        }
    };
    pair("txt", "run", section.run.keys().collect());
    pair("trace", "timeline", section.timeline.keys().collect());
    let schedules = section.schedules.is_some().then(|| "schedules".into());
    pair("json", "schedules", Vec::from_iter(&schedules));
    for name in room.names("cast") {
        if !section.run.contains_key(&name) {
            let file = room.recorded(&name, "cast");
            faults.push(format!("{file}: there is no [run.{name}]"));
        }
    }
    for path in list(&room.path(&room.file("recorded")))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let known = [".txt", ".trace", ".cast", ".json"]
            .iter()
            .any(|e| name.ends_with(e));
        if !known && name != "outcomes.toml" {
            faults.push(format!("{folder}/recorded/{name} is no recording"));
        }
    }
    Ok(faults)
}

/// `lib.rs` names the sections in reading order, which is the table's.
fn module_order(chapter: &Chapter, slugs: &[&str]) -> Result<Option<String>> {
    let lib = read(&chapter.dir.join("src/lib.rs"))?;
    let modules = lib.lines().filter_map(|line| {
        let module = line.strip_prefix("pub mod ")?.strip_suffix(';')?;
        Some(module.replace('_', "-"))
    });
    let ours: Vec<String> =
        modules.filter(|m| slugs.contains(&m.as_str())).collect();
    let differs = slugs
        .iter()
        .zip(&ours)
        .find(|(slug, module)| slug != module);
    Ok(differs.map(|(slug, module)| {
        let folder = &chapter.name;
        format!(
            "{folder}/src/lib.rs has `{module}` where the table has `{slug}`"
        )
    }))
}

/// A dependency without a comment above it has no reason.
fn reasons(root: &Path) -> Result<()> {
    let mut faults = Vec::new();
    for path in packages(root, "manifest_path")? {
        let path = Path::new(&path);
        let (mut in_dependencies, mut reason) = (false, false);
        for (i, line) in read(path)?.lines().enumerate() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && line.starts_with('#') {
                reason = true;
                continue;
            } else if in_dependencies && line.contains('=') && !reason {
                let path = path.strip_prefix(root).unwrap_or(path).display();
                faults.push(format!("{path}:{}: no reason: {line}", i + 1));
            }
            reason = false;
        }
    }
    refuse(&faults)
}
