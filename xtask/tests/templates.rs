//! The projects that a reader begins with, in a folder outside the workspace.

#![expect(clippy::unwrap_used, reason = "helpers may what tests may")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use subprocess::Finished;

/// For building tokio on a busy machine.
const LIMIT: Duration = Duration::from_secs(600);

/// A copy of a template.
struct Project {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl Project {
    fn new(name: &'static str) -> Project {
        let folder = tempfile::tempdir().unwrap();
        let template = workspace().join("templates").join(name);
        copy(&template, folder.path());
        // The versions that the book was tested with: cargo takes from this
        // what the project needs, and fetches nothing new.
        fs::copy(
            workspace().join("Cargo.lock"),
            folder.path().join("Cargo.lock"),
        )
        .unwrap();
        Project { folder, name }
    }

    fn cargo(&self, words: &[&str]) -> Finished {
        let mut cargo = Command::new("cargo");
        cargo
            .arg("--quiet")
            .args(words)
            .current_dir(self.folder.path())
            // Kept, so that tokio is built once.
            .env(
                "CARGO_TARGET_DIR",
                workspace().join("target/templates").join(self.name),
            )
            .env_remove("RUSTFLAGS");
        let run = subprocess::run(cargo, LIMIT).unwrap();
        assert_eq!(run.status, Some(0), "{words:?}: {}", run.stderr);
        run
    }
}

/// Cargo runs a package's tests in the package's folder.
fn workspace() -> PathBuf {
    fs::canonicalize("..").unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => fs::write(to, fs::read(entry.path()).unwrap()).unwrap(),
        }
    }
}

#[test]
fn threads_project_runs_and_its_tests_pass() {
    let project = Project::new("threads");
    let run = project.cargo(&["run", "--", "Cargo.toml", "src/lib.rs", "none"]);
    let mut lines: Vec<&str> = run.stdout.lines().collect();
    lines.sort_by_key(|line| line.ends_with("lib.rs"));
    assert_eq!(lines.len(), 2, "{}", run.stdout);
    assert!(lines[0].ends_with(" Cargo.toml"), "{}", lines[0]);
    assert!(lines[1].ends_with(" src/lib.rs"), "{}", lines[1]);
    assert!(run.stderr.starts_with("none: "), "{}", run.stderr);
    let tests = project.cargo(&["test"]);
    assert!(tests.stdout.contains("2 passed"), "{}", tests.stdout);
}

#[test]
fn tokio_project_runs_in_both_spellings_and_its_test_passes() {
    let project = Project::new("tokio");
    for words in [&["run"][..], &["run", "--bin", "expanded"]] {
        assert_eq!(project.cargo(words).stdout, "toast\ncoffee\n");
    }
    let tests = project.cargo(&["test"]);
    assert!(tests.stdout.contains("1 passed"), "{}", tests.stdout);
}
