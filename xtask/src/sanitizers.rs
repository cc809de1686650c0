//! Miri and ThreadSanitizer: what a compiler cannot refuse and a test cannot
//! see, read off the running program.
//!
//! Both need a nightly compiler; without one they are skipped by name. A clean
//! run is worth something only from a tool that would have complained: each
//! must first find the race of `xtask/tests/race`.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::cargo;
use crate::report::Report;
use crate::transcript::normalize_env;
use crate::usage_error;
use crate::workspace::{Chapter, Workspace};
use subprocess::Finished;

/// The standard library is built first, once.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// A tool that watches a program run.
pub struct Tool {
    pub name: &'static str,
    /// What a package writes its tests under, in `package.metadata`.
    key: &'static str,
    /// Between `cargo` and the package.
    args: &'static [&'static str],
    env: Option<(&'static str, &'static str)>,
    /// What it says of a race.
    complaint: &'static str,
    /// The component of the nightly toolchain, and a file of it.
    pub component: &'static str,
    file: &'static str,
}

/// The tools, the quicker one last.
pub const TOOLS: [Tool; 2] = [
    Tool {
        name: "Miri",
        key: "miri",
        args: &["+nightly", "miri", "test"],
        env: None,
        complaint: "Data race detected",
        component: "miri",
        file: "bin/cargo-miri",
    },
    Tool {
        name: "ThreadSanitizer",
        key: "tsan",
        args: &["+nightly", "test", "-Zbuild-std", "--target", TARGET],
        env: Some(("RUSTFLAGS", "-Zsanitizer=thread")),
        complaint: "WARNING: ThreadSanitizer: data race",
        component: "rust-src",
        file: "lib/rustlib/src/rust/library/Cargo.lock",
    },
];

/// The one platform on which `.ci/run` has seen ThreadSanitizer work.
const TARGET: &str = "x86_64-unknown-linux-gnu";

impl Tool {
    /// Says why the tool cannot run here, if it cannot.
    pub fn missing(&self) -> Option<String> {
        let mut rustc = Command::new("rustc");
        rustc.args(["+nightly", "--print", "sysroot"]);
        rustc.env("RUSTUP_AUTO_INSTALL", "0");
        let run = subprocess::run(rustc, Duration::from_secs(30)).ok();
        let sysroot = run.filter(|run| run.status == Some(0));
        let here = sysroot.is_some_and(|run| {
            Path::new(run.stdout.trim()).join(self.file).exists()
        });
        let foreign = self.args.contains(&TARGET)
            && !cfg!(all(target_os = "linux", target_arch = "x86_64"));
        match (foreign, here) {
            (true, _) => Some(format!("only on {TARGET}")),
            (false, true) => None,
            (false, false) => Some(format!("no nightly {}", self.component)),
        }
    }

    /// Runs some tests of the package in `folder` under the tool.
    fn run(
        &self,
        workspace: &Workspace,
        folder: &Path,
        tests: &[String],
    ) -> Result<Finished, String> {
        // A folder of its own: other flags would have all else built again.
        let target = cargo::target(&workspace.root)?.join(self.key);
        let mut command = Command::new("cargo");
        command.current_dir(folder).args(self.args).args(tests);
        command.arg("--target-dir").arg(target);
        if let Some((key, value)) = self.env {
            command.env(key, value);
        }
        normalize_env(&mut command);
        subprocess::run(command, LIMIT)
    }
}

/// Runs the tools on one chapter, or on all.
pub fn sanitize(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let chapters = match words {
        [] => workspace.chapters.iter().collect(),
        [wanted] => vec![workspace.chapter(wanted)?],
        _ => return usage_error("sanitize takes one chapter, or none"),
    };
    let report = Report::new();
    check(workspace, &report, &chapters);
    Ok(report.finish())
}

/// Runs what the chapters name in `package.metadata` under both tools.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    let race = workspace.root.join("xtask/tests/race");
    for tool in &TOOLS {
        let wanted: Vec<(&Chapter, Vec<String>)> = chapters
            .iter()
            .filter_map(|chapter| Some((*chapter, tests(chapter, tool.key)?)))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        if let Some(why) = tool.missing() {
            report.skip(tool.name, &why);
            continue;
        }
        report.check(&format!("{} finds a race", tool.name), "", || {
            let tests = ["--lib".to_string()];
            let run = tool.run(workspace, &race, &tests)?;
            let said = format!("{}{}", run.stdout, run.stderr);
            let found = run.status != Some(0) && said.contains(tool.complaint);
            found.then_some(()).ok_or(said)
        });
        for (chapter, tests) in wanted {
            let alone = format!("cargo xtask sanitize {}", chapter.name);
            let name = format!("{} on {}", tool.name, chapter.name);
            report.check(&name, &alone, || {
                let run = tool.run(workspace, &chapter.dir, &tests)?;
                let said = format!("{}{}", run.stdout, run.stderr);
                (run.status == Some(0)).then_some(()).ok_or(said)
            });
        }
    }
}

/// Returns the tests that a chapter wants looked at, as arguments for cargo.
fn tests(chapter: &Chapter, key: &str) -> Option<Vec<String>> {
    let manifest = std::fs::read_to_string(chapter.dir.join("Cargo.toml"));
    let manifest: toml::Table = manifest.ok()?.parse().ok()?;
    let tests = manifest["package"].get("metadata")?.get(key)?.as_array()?;
    tests
        .iter()
        .map(|word| word.as_str().map(str::to_string))
        .collect()
}
