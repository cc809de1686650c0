//! `test-all` and `test`: the steps, in the order in which a fault is cheapest
//! to find.

use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::cargo::{cargo, target, targets_of};
use crate::doctor::{found, version};
use crate::report::Report;
use crate::transcript::Transcript;
use crate::workspace::{Chapter, Workspace};
use crate::{book, layout, manners, sanitizers, usage_error};
use xtask::browser;
use xtask::child::Finished;
use xtask::contract::Kind;

/// Transcripts wait more than they work: spinners spin for three seconds.
const AT_ONCE: usize = 6;

/// Checks everything.
pub fn everything(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    if let Some(word) = words.first() {
        return usage_error(&format!("test-all takes no `{word}`"));
    }
    let chapters: Vec<&Chapter> = workspace.chapters.iter().collect();
    let report = Report::new();
    static_checks(workspace, &report);
    for chapter in &chapters {
        tests(workspace, &report, &chapter.name);
    }
    for package in ["xtask", "book"] {
        if workspace.root.join(package).join("Cargo.toml").exists() {
            tests(workspace, &report, package);
        }
    }
    report.step("sanitizers");
    sanitizers::check(workspace, &report, &chapters);
    outputs(workspace, &report, &chapters, Pace::Whole);
    report.step("dependencies");
    dependencies(workspace, &report);
    report.step("book");
    let out = target(&workspace.root)?.join("book");
    book::check(workspace, &report, &out);
    Ok(report.finish())
}

/// Checks one chapter: its tests, layout, output and manners.
pub fn chapter(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let [wanted] = words else {
        return usage_error("test takes one chapter: cargo xtask test ch03");
    };
    let chapter = workspace.chapter(wanted)?;
    let report = Report::new();
    tests(workspace, &report, &chapter.name);
    outputs(workspace, &report, &[chapter], Pace::Quick);
    Ok(report.finish())
}

fn static_checks(workspace: &Workspace, report: &Report) {
    report.step("format and lints");
    let every = ["clippy", "--workspace", "--all-targets", "--locked"];
    let strict: Vec<&str> =
        every.into_iter().chain(["--", "-D", "warnings"]).collect();
    for args in [&["fmt", "--all", "--check"][..], &strict] {
        let command = format!("cargo {}", args.join(" "));
        if !installed(workspace, args[0]) {
            let why = format!("cargo {} is not installed", args[0]);
            report.skip(&command, &why);
            continue;
        }
        report.check(&command, &command, || {
            let run = cargo(&workspace.root, args)?;
            succeeded(&run)
        });
    }
}

/// Says whether cargo has this subcommand here.
fn installed(workspace: &Workspace, subcommand: &str) -> bool {
    let run = cargo(&workspace.root, &[subcommand, "--version"]);
    run.is_ok_and(|run| run.status == Some(0))
}

/// Runs a package's unit, integration and doc tests by itself: built together
/// with others it would borrow their features.
///
/// Integration tests and benchmarks that require features run after these, each
/// with its own.
fn tests(workspace: &Workspace, report: &Report, package: &str) {
    report.step(&format!("tests of {package}"));
    run_tests(workspace, report, package, &[]);
    for (kind, flag) in [("test", "--test"), ("bench", "--bench")] {
        match targets_of(&workspace.root, package, kind) {
            Ok(targets) => {
                let featured =
                    targets.iter().filter(|t| !t.features.is_empty());
                for target in featured {
                    let only =
                        ["--features", &target.features, flag, &target.name];
                    run_tests(workspace, report, package, &only);
                }
            }
            Err(why) => report.fail(package, &why, ""),
        }
    }
}

fn run_tests(
    workspace: &Workspace,
    report: &Report,
    package: &str,
    only: &[&str],
) {
    let mut args = vec!["test", "--locked", "--no-fail-fast", "-p", package];
    args.extend(only);
    let missing = missing(workspace);
    if !missing.is_empty() {
        args.push("--");
    }
    for (prefix, _) in &missing {
        args.extend(["--skip", prefix]);
    }
    let command = format!("cargo {}", args.join(" "));
    let run = match cargo(&workspace.root, &args) {
        Ok(run) => run,
        Err(err) => return report.fail(&command, &err, &command),
    };
    let (mut passed, mut filtered) = (0, 0);
    for line in run.stdout.lines().filter(|l| l.starts_with("test result:")) {
        let count = |label: &str| {
            let before = line.split(label).next().unwrap_or_default();
            let number = before.split_whitespace().next_back();
            number
                .and_then(|n| n.parse::<usize>().ok())
                .unwrap_or_default()
        };
        passed += count(" passed");
        filtered += count(" filtered out");
    }
    if passed > 0 {
        report.pass_many(passed, &format!("{passed} tests"), run.took);
    }
    let failed = run.stdout.lines().filter_map(|line| {
        line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
    });
    for test in failed {
        let why = failure_of(&run, test);
        let with = only.iter().map(|word| format!("{word} "));
        let with: String = with.collect();
        let alone = format!("cargo test -p {package} {with}{test}");
        report.fail(&format!("{package}: {test}"), &why, &alone);
    }
    match succeeded(&run) {
        Err(why) if !run.stdout.contains(" ... FAILED") => {
            report.fail(&command, &why, &command);
        }
        _ => {}
    }
    if filtered > 0 {
        let why: Vec<_> = missing.into_iter().map(|(_, why)| why).collect();
        let what = format!("{filtered} tests of {package}");
        report.skip(&what, &why.join("; "));
    }
}

/// Returns how the names of tests begin that cannot run here, and why not.
fn missing(workspace: &Workspace) -> Vec<(&'static str, String)> {
    static CHROMIUM: OnceLock<bool> = OnceLock::new();
    let mut missing = Vec::new();
    if let Err(why) = workspace.python() {
        missing.push(("needs_python3", why));
    }
    if !CHROMIUM.get_or_init(|| browser::find().is_some()) {
        missing.push(("needs_chromium", "no Chromium".to_string()));
    }
    if !workspace.root.join(browser::AXE).is_file() {
        missing.push(("needs_axe", "no axe-core".to_string()));
    }
    if version("nats-server").is_none() {
        missing.push(("needs_nats_server", "no nats-server".to_string()));
    }
    missing
}

/// Returns what a failed test printed.
fn failure_of(run: &Finished, test: &str) -> String {
    let heading = format!("---- {test} stdout ----");
    let printed = run.stdout.split(&heading).nth(1).unwrap_or_default();
    let printed = printed.split("\n---- ").next().unwrap_or_default();
    printed
        .split("\nfailures:")
        .next()
        .unwrap_or_default()
        .trim()
        .to_string()
}

/// How often to run what may come out differently.
#[derive(Clone, Copy, PartialEq)]
enum Pace {
    Whole,
    Quick,
}

/// Checks all that needs the chapters' programs.
fn outputs(
    workspace: &Workspace,
    report: &Report,
    chapters: &[&Chapter],
    pace: Pace,
) {
    report.step("build");
    let mut built = Vec::new();
    for chapter in chapters {
        let command = format!("cargo build -p {}", chapter.name);
        report.check(&chapter.name, &command, || {
            workspace.program(&chapter.name)?;
            built.push(*chapter);
            Ok(())
        });
    }
    report.step("layout");
    layout::check(workspace, report, &built);
    // Both wait more than they work: side by side they take little longer.
    report.step("transcripts and manners");
    thread::scope(|scope| {
        scope.spawn(|| manners::check(workspace, report, &built));
        transcripts(workspace, report, &built, pace);
    });
}

/// Runs every transcript's command again, several at once.
fn transcripts(
    workspace: &Workspace,
    report: &Report,
    chapters: &[&Chapter],
    pace: Pace,
) {
    let mut queue = Vec::new();
    for chapter in chapters {
        match Transcript::all(chapter) {
            Ok(found) => {
                queue.extend(found.into_iter().map(|t| (*chapter, t)));
            }
            Err(why) => report.fail(&chapter.name, &why, ""),
        }
    }
    let queue = Mutex::new(queue.into_iter());
    let next = || queue.lock().expect("a worker panicked").next();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((chapter, transcript)) = next() {
                    rerun(workspace, report, chapter, &transcript, pace);
                }
            });
        }
    });
}

fn rerun(
    workspace: &Workspace,
    report: &Report,
    chapter: &Chapter,
    transcript: &Transcript,
    pace: Pace,
) {
    let name = transcript.path.file_name().unwrap_or_default();
    let name =
        format!("{}/transcripts/{}", chapter.name, name.to_string_lossy());
    let programs = &transcript.contract.programs;
    if let Some(program) = programs.iter().find(|p| found(p).is_none()) {
        return report.skip(&name, &format!("no {program}"));
    }
    if transcript.command.starts_with("python3 ") {
        if let Err(why) = workspace.python() {
            return report.skip(&name, &why);
        }
        let missing = workspace.missing_modules(&transcript.contract.needs);
        if !missing.is_empty() {
            let why = format!("no Python module {}", missing.join(", "));
            return report.skip(&name, &why);
        }
    }
    let started = Instant::now();
    let (mut runs, mut took) = (0, Duration::ZERO);
    while again(transcript, runs, took, pace) {
        let outcome = transcript.run(workspace).and_then(|run| {
            took += run.took;
            transcript.check(&run)
        });
        runs += 1;
        if let Err(why) = outcome {
            let why = format!("{why}\n(run {runs})");
            return report.fail(&name, &why, &transcript.command);
        }
    }
    let times = if runs == 1 {
        "once"
    } else {
        &format!("{runs} times")
    };
    report.pass(&format!("{name}, {times}"), started.elapsed());
}

/// An order that is luck shows in the second run or in the hundredth: a quick
/// program runs often, a slow one at least twice.
fn again(
    transcript: &Transcript,
    runs: u32,
    took: Duration,
    pace: Pace,
) -> bool {
    let contract = &transcript.contract;
    // The compiler does not change its mind.
    let varies = contract.contract != Kind::Refused && !contract.hangs();
    match (contract.runs, pace) {
        (_, Pace::Quick) => runs < 1,
        (Some(wanted), _) => runs < wanted,
        _ if !varies => runs < 1,
        _ => runs < 2 || (runs < 20 && took < Duration::from_secs(2)),
    }
}

fn dependencies(workspace: &Workspace, report: &Report) {
    let args = ["deny", "--locked", "check", "bans", "licenses", "sources"];
    let command = format!("cargo {}", args.join(" "));
    if !workspace.root.join("deny.toml").exists() {
        return report.skip(&command, "no deny.toml");
    }
    if !installed(workspace, "deny") {
        return report.skip(&command, "cargo-deny is not installed");
    }
    report.check(&command, &command, || {
        succeeded(&cargo(&workspace.root, &args)?)
    });
}

fn succeeded(run: &Finished) -> Result<(), String> {
    if run.status == Some(0) {
        return Ok(());
    }
    let said = format!("{}{}", run.stdout, run.stderr);
    let lines: Vec<&str> = said.lines().collect();
    // The end says what went wrong; the beginning what was compiled.
    let tail = lines[lines.len().saturating_sub(40)..].join("\n");
    Err(format!("{}\n{tail}", run.ending()))
}
