//! One idea, one slug: holds module, transcript, contract, twin and page
//! together with the program's own list.

use std::path::Path;

use crate::luck;
use crate::moving;
use crate::report::Report;
use crate::transcript::{contracts_in, files, read};
use crate::workspace::{Chapter, Section, Workspace};

/// Checks every chapter, and what the chapters have in common.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    for chapter in chapters {
        report.check(&format!("layout of {}", chapter.name), "", || {
            let faults = faults_of(workspace, chapter)?;
            all_well(&faults)
        });
        report.check(&format!("outcomes of {}", chapter.name), "", || {
            all_well(&luck::faults(chapter)?)
        });
    }
    report.check("the tour is the same in all chapters", "", || {
        same_tour(workspace)
    });
    report.check("every dependency has its reason", "", || {
        reasons(&workspace.root)
    });
}

fn all_well(faults: &[String]) -> Result<(), String> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

fn faults_of(
    workspace: &Workspace,
    chapter: &Chapter,
) -> Result<Vec<String>, String> {
    let sections = workspace.sections(chapter)?;
    let mut faults = Vec::new();
    let pages = workspace.root.join("book/pages").join(&chapter.name);
    let summary = read(&workspace.root.join("book/pages/SUMMARY.md"))?;
    let readme = read(&workspace.root.join("README.md"))?;

    for (i, section) in sections.iter().enumerate() {
        let Section { slug, .. } = section;
        let module = format!("s{:02}_{}", i + 1, slug.replace('-', "_"));
        let source = format!("{}/src/{module}.rs", chapter.name);
        let page = format!("{}/{slug}.md", chapter.name);
        for path in [
            workspace.root.join(&source),
            chapter.dir.join(format!("transcripts/{slug}.txt")),
            chapter.dir.join(format!("transcripts/{slug}.toml")),
            pages.join(format!("{slug}.md")),
        ] {
            if !path.exists() {
                faults.push(format!("{slug}: {} is missing", path.display()));
            }
        }
        if !summary.contains(&format!("({page})")) {
            faults.push(format!("SUMMARY.md does not link {page}"));
        }
        if !readme.contains(&format!("({source})")) {
            faults.push(format!("README.md's table does not link {source}"));
        }
        let twin = format!("python/{}.py", slug.replace('-', "_"));
        let mut twin = chapter.dir.join(twin);
        // A module of the standard library has the name, and a file beside
        // the other twins would be taken for it.
        let other = twin.with_file_name(format!("{slug}_.py"));
        if other.exists() {
            twin = other;
        }
        let its = chapter.dir.join(format!("transcripts/{slug}.py.txt"));
        for (here, there) in [(&twin, &its), (&its, &twin)] {
            if here.exists() && !there.exists() {
                let (here, there) = (here.display(), there.display());
                faults.push(format!("{here} is there, {there} is missing"));
            }
        }
    }
    faults.extend(strays(chapter, &pages, &sections)?);
    Ok(faults)
}

/// Finds files that belong to no section: a renamed section leaves them behind.
fn strays(
    chapter: &Chapter,
    pages: &Path,
    sections: &[Section],
) -> Result<Vec<String>, String> {
    let known = |slug: &str| sections.iter().any(|s| s.slug == slug);
    let mut faults = Vec::new();
    for path in files(&chapter.dir.join("transcripts"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !known(name.split('.').next().unwrap_or_default()) {
            let path = path.display();
            faults.push(format!("{path} belongs to no section"));
        }
        // The others belong to `luck`.
        if name.ends_with(".toml") && name.matches('.').count() == 1 {
            for table in contracts_in(&path)?.keys() {
                let slug = name.trim_end_matches(".toml");
                let name = match table.as_str() {
                    "rust" => format!("{slug}.txt"),
                    "python" => format!("{slug}.py.txt"),
                    other => format!("{slug}.{other}.txt"),
                };
                if !path.with_file_name(&name).exists() {
                    let path = path.display();
                    faults.push(format!("{path}: [{table}] has no {name}"));
                }
            }
        }
    }
    faults.extend(moving::strays(chapter, known)?);
    let twins = files(&chapter.dir.join("python"))?;
    for path in twins.iter().chain(&files(pages)?) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let slug = stem.trim_end_matches('_').replace('_', "-");
        if slug != "index" && !known(&slug) {
            let path = path.display();
            faults.push(format!("{path} belongs to no section"));
        }
    }
    Ok(faults)
}

fn same_tour(workspace: &Workspace) -> Result<(), String> {
    let mut first: Option<(String, String)> = None;
    for chapter in &workspace.chapters {
        let path = chapter.dir.join("src/main.rs");
        let source = read(&path)?;
        let marker = "// ---- The tour.";
        let Some((_, tour)) = source.split_once(marker) else {
            return Err(format!("{}: no `{marker}`", path.display()));
        };
        match &first {
            None => first = Some((chapter.name.clone(), tour.to_string())),
            Some((other, expected)) if expected != tour => {
                let pairs = expected.lines().zip(tour.lines());
                let differing =
                    pairs.map(|(_, line)| line).zip(expected.lines());
                let line = differing.into_iter().find(|(a, b)| a != b);
                return Err(format!(
                    "{}: the tour is not {other}'s, from `{}` on",
                    path.display(),
                    line.map_or("the end", |(line, _)| line.trim())
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// A dependency without a comment above it has no reason.
fn reasons(root: &Path) -> Result<(), String> {
    let mut faults = Vec::new();
    let folders = std::fs::read_dir(root).map_err(|err| err.to_string())?;
    for folder in folders.flatten() {
        let path = folder.path().join("Cargo.toml");
        if !path.exists() {
            continue;
        }
        let (mut in_dependencies, mut reason) = (false, false);
        for (i, line) in read(&path)?.lines().enumerate() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && line.starts_with('#') {
                reason = true;
                continue;
            } else if in_dependencies && line.contains('=') && !reason {
                let path = path.display();
                faults.push(format!("{path}:{}: no reason: {line}", i + 1));
            }
            reason = false;
        }
    }
    all_well(&faults)
}
