//! Each chapter, built alone: with the features that it asks for itself.
//!
//! In a build of the whole workspace cargo unifies features, so a chapter also
//! has what other packages, and the tests of all, turn on. A chapter that
//! relies on such a feature works there and fails for the reader, who runs
//! `cargo run -p CHAPTER`. All programs that the runner starts are built alone
//! (`Workspace::program`), so a chapter that relies on such a feature does not
//! compile, or fails in a check of its sections.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use crate::cargo::cargo;
use crate::report::Report;
use crate::workspace::{Chapter, Workspace};

/// Features by package; the package as `NAME vVERSION`.
type Features = BTreeMap<String, BTreeSet<String>>;

/// Builds each chapter alone, and names the features that its dependencies
/// have in the whole workspace only.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    let unified =
        features(&workspace.root, &["--workspace", "-e", "normal,build,dev"]);
    for chapter in chapters {
        let started = Instant::now();
        let command = format!("cargo build -p {}", chapter.name);
        let missing = workspace
            .program(&chapter.name)
            .and(unified.as_ref().map_err(|why| anyhow!("{why:#}")))
            .and_then(|all| {
                describe_missing(&workspace.root, &chapter.name, all)
            });
        match missing {
            Ok(missing) => {
                let what = format!("{} is built alone{missing}", chapter.name);
                report.pass(&what, started.elapsed());
            }
            Err(why) => report.fail(&chapter.name, why, &command),
        }
    }
}

/// Says which features the direct dependencies of `chapter` lack alone.
fn describe_missing(
    root: &Path,
    chapter: &str,
    unified: &Features,
) -> Result<String> {
    let args = ["-p", chapter, "-e", "normal,build", "--depth", "1"];
    let missing = missing_features(&features(root, &args)?, unified);
    if missing.is_empty() {
        return Ok(String::new());
    }
    Ok(format!(", without {}", missing.join("; ")))
}

fn missing_features(alone: &Features, unified: &Features) -> Vec<String> {
    let missing = |(package, own): (&String, &BTreeSet<String>)| {
        let all = unified.get(package)?;
        let more: Vec<&str> = all.difference(own).map(String::as_str).collect();
        let name = package.split(' ').next().unwrap_or_default();
        (!more.is_empty()).then(|| format!("{name}'s {}", more.join(", ")))
    };
    alone.iter().filter_map(missing).collect()
}

/// Asks cargo which features a build of `packages` turns on.
fn features(root: &Path, packages: &[&str]) -> Result<Features> {
    let form = ["tree", "--locked", "--prefix", "none", "-f", "{p}|{f}"];
    let run = cargo(root, &[&form, packages].concat())?;
    if run.status != Some(0) {
        bail!("cargo tree: {}", run.stderr);
    }
    Ok(parse(&run.stdout))
}

/// Reads lines `NAME vVERSION (PATH)|FEATURE,FEATURE (*)`.
///
/// A package may come more than once: for the program and for build scripts.
fn parse(tree: &str) -> Features {
    let mut features = Features::new();
    for line in tree.lines() {
        let line = line.trim_end_matches(" (*)");
        let Some((package, on)) = line.split_once('|') else {
            continue;
        };
        let package: Vec<&str> = package.split(' ').take(2).collect();
        let on = on.split(',').filter(|name| !name.is_empty());
        features
            .entry(package.join(" "))
            .or_default()
            .extend(on.map(str::to_string));
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_of_the_whole_workspace_only_is_named() {
        let alone = parse("chapter v0.1.0 (/x)|\nlog v1.0.0|std\nbits v2.0.0|");
        let all = parse(
            "log v1.0.0|ansi,std (*)\nlog v1.0.0|std\nlog v2.0.0|json\n\
             bits v2.0.0|\nchapter v0.1.0 (/x)|\n\nother v1.0.0|default",
        );
        assert_eq!(missing_features(&alone, &all), ["log's ansi"]);
    }
}
