//! What the runner asks of cargo.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use subprocess::Finished;

use crate::transcript::normalize_env;

/// A cold build on a slow machine; past it something hangs.
pub const LIMIT: Duration = Duration::from_secs(45 * 60);

/// Runs `cargo` with `args` in `root`.
///
/// # Errors
///
/// It cannot be started. That it fails is in the result.
pub fn cargo(root: &Path, args: &[&str]) -> Result<Finished> {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(args);
    normalize_env(&mut command);
    Ok(subprocess::run(command, LIMIT)?)
}

/// Finds the workspace around the current folder.
pub fn locate_workspace() -> Result<PathBuf> {
    let args = ["locate-project", "--workspace", "--message-format=plain"];
    let run = cargo(Path::new("."), &args)?;
    let manifest = Path::new(run.stdout.trim());
    match (run.status, manifest.parent()) {
        (Some(0), Some(folder)) => Ok(folder.to_path_buf()),
        _ => bail!("no workspace here: {}", run.stderr.trim()),
    }
}

/// Builds the program of `package` alone and returns its path.
///
/// Cargo gives every build of the program the same path, also one with the
/// features that the tests' dependencies turn on, as `cargo test` makes. So
/// this one has a second name, which no other build takes.
pub fn build(root: &Path, package: &str) -> Result<PathBuf> {
    let json = "--message-format=json-render-diagnostics";
    let program = build_target(root, package, "bin", &["-p", package, json])?;
    let linked = || -> io::Result<PathBuf> {
        let folder = program.with_file_name("isolated");
        let name = program.file_name().unwrap_or_default();
        fs::create_dir_all(&folder)?;
        let new = folder.join(format!("{}", std::process::id()));
        if fs::hard_link(&program, &new).is_err() {
            fs::copy(&program, &new)?;
        }
        let link = folder.join(name);
        fs::rename(&new, &link)?;
        // To rename a file to another name of the same file does nothing.
        fs::remove_file(&new).ok();
        Ok(link)
    };
    linked().with_context(|| program.display().to_string())
}

/// Builds the program of `package` for another system and returns its path.
/// `tools` names the compilers that the target needs.
///
/// # Errors
///
/// As [`build`].
pub fn build_for(
    root: &Path,
    package: &str,
    system: &str,
    tools: impl Fn(&mut Command),
) -> Result<PathBuf> {
    let json = "--message-format=json-render-diagnostics";
    let args = ["-p", package, "--bins", "--target", system, json];
    build_with(root, package, "bin", &args, tools)
}

/// Builds one of the programs of `package` and returns its path.
pub fn build_bin(root: &Path, package: &str, bin: &str) -> Result<PathBuf> {
    let json = "--message-format=json-render-diagnostics";
    build_target(root, package, "bin", &["-p", package, "--bin", bin, json])
}

/// Builds an example of `package` and returns its path.
pub fn example(root: &Path, package: &str, name: &str) -> Result<PathBuf> {
    let json = "--message-format=json-render-diagnostics";
    let args = ["-p", package, "--example", name, json];
    build_target(root, package, "example", &args)
}

fn build_target(
    root: &Path,
    package: &str,
    kind: &str,
    args: &[&str],
) -> Result<PathBuf> {
    build_with(root, package, kind, args, |_| ())
}

fn build_with(
    root: &Path,
    package: &str,
    kind: &str,
    args: &[&str],
    tools: impl Fn(&mut Command),
) -> Result<PathBuf> {
    let mut command = Command::new("cargo");
    command.args(["build", "--quiet", "--locked"]).args(args);
    command.current_dir(root);
    normalize_env(&mut command);
    tools(&mut command);
    let run = subprocess::run(command, LIMIT)?;
    if run.status != Some(0) {
        bail!("{package} does not build\n{}", run.stderr);
    }
    executable(&run.stdout, kind)
        .with_context(|| format!("{package} builds no program of kind {kind}"))
}

/// Finds the program of this kind that a build with JSON messages has made.
pub fn executable(messages: &str, kind: &str) -> Option<PathBuf> {
    messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_program = message["target"]["kind"][0] == kind;
        let path = message["executable"].as_str().filter(|_| is_program)?;
        Some(PathBuf::from(path))
    })
}

/// Returns the folder that everything generated belongs into.
pub fn target(root: &Path) -> Result<PathBuf> {
    let folder = metadata(root)?["target_directory"].take();
    let folder = folder
        .as_str()
        .context("cargo metadata: no target folder")?;
    Ok(PathBuf::from(folder))
}

/// Returns what cargo has under `key` of each of the workspace's packages:
/// their `name`, their `manifest_path`.
pub fn packages(root: &Path, key: &str) -> Result<Vec<String>> {
    let metadata = metadata(root)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let values = packages.filter_map(|package| package[key].as_str());
    Ok(values.map(str::to_string).collect())
}

/// A test or a benchmark of a package, as cargo knows it.
pub struct Target {
    pub name: String,
    /// What it requires, with commas between; often nothing.
    pub features: String,
}

/// Returns a package's targets of a kind: `test`, `bench`.
pub fn targets_of(
    root: &Path,
    package: &str,
    kind: &str,
) -> Result<Vec<Target>> {
    let targets = targets(root, package)?;
    let wanted = targets.iter().filter(|target| target["kind"][0] == kind);
    let target = |target: &Value| {
        let features = target["required-features"].as_array();
        let features: Vec<&str> = features
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        Some(Target {
            name: target["name"].as_str()?.to_string(),
            features: features.join(","),
        })
    };
    Ok(wanted.filter_map(target).collect())
}

/// Returns what cargo knows of a package's programs, tests and benchmarks.
fn targets(root: &Path, package: &str) -> Result<Vec<Value>> {
    let mut metadata = metadata(root)?;
    let packages = metadata["packages"].as_array_mut();
    Ok(packages
        .into_iter()
        .flatten()
        .filter(|p| p["name"] == package)
        .filter_map(|p| p["targets"].as_array_mut().map(std::mem::take))
        .flatten()
        .collect())
}

fn metadata(root: &Path) -> Result<Value> {
    let args = ["metadata", "--no-deps", "--format-version=1", "--locked"];
    let run = cargo(root, &args)?;
    serde_json::from_str(&run.stdout)
        .with_context(|| format!("cargo metadata: {}", run.stderr))
}
