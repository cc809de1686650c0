//! `test-all` and `test`: the steps, in the order in which a fault is cheapest
//! to find.

use std::cmp::Reverse;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use artifacts::contract::Kind;
use subprocess::{Finished, browser};

use crate::cargo::{cargo, target, targets_of};
use crate::doctor::{found, version};
use crate::report::Report;
use crate::transcript::Transcript;
use crate::workspace::{Chapter, Workspace};
use crate::{
    as_reader, book, cli_conformance, layout, prove, timelines, usage_error,
};

/// Transcripts wait more than they work: spinners spin for three seconds.
const AT_ONCE: usize = 8;

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
    let has = |folder: &str| {
        let manifest = workspace.root.join(folder).join("Cargo.toml");
        manifest.exists()
    };
    // The book first: its browsers take longest, and nobody waits for them at
    // the end.
    let mut packages = Vec::from_iter(has("book").then_some("book"));
    packages.extend(chapters.iter().map(|chapter| chapter.name.as_str()));
    packages.extend(has("xtask").then_some("xtask"));
    let plumbing =
        ["exercises/harness", "crates/artifacts", "crates/subprocess"];
    for folder in plumbing.into_iter().filter(|folder| has(folder)) {
        packages.extend(folder.rsplit('/').next());
    }
    report.step("tests");
    // While one package's tests run, cargo builds the next one's.
    each(packages, 2, |package| tests(workspace, &report, package));
    let built = build(workspace, &report, &chapters);
    outputs(workspace, &report, &built, Pace::Whole);
    prove::check(workspace, &report);
    report.step("dependencies");
    dependencies(workspace, &report);
    report.step("book");
    let out = target(&workspace.root)?.join("book");
    book::check(workspace, &report, &out);
    Ok(report.finish())
}

/// Checks one chapter: its tests, layout, output and conventions.
pub fn chapter(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let [wanted] = words else {
        return usage_error("test takes one chapter: cargo xtask test ch03");
    };
    let chapter = workspace.chapter(wanted)?;
    let report = Report::new();
    report.step("tests");
    tests(workspace, &report, &chapter.name);
    let built = build(workspace, &report, &[chapter]);
    outputs(workspace, &report, &built, Pace::Quick);
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
        let what = format!("{package}: {passed} tests");
        report.pass_many(passed, &what, run.took);
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
    if found("wrk").is_none() {
        missing.push(("needs_wrk", "no wrk".to_string()));
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

/// Does `work` for each of `things`, with so many of them at once.
pub fn each<T: Send>(things: Vec<T>, at_once: usize, work: impl Fn(T) + Sync) {
    let queue = Mutex::new(things.into_iter());
    let next = || queue.lock().expect("a worker panicked").next();
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(thing) = next() {
                    work(thing);
                }
            });
        }
    });
}

/// Builds the chapters' programs; returns the chapters that have one.
fn build<'a>(
    workspace: &Workspace,
    report: &Report,
    chapters: &[&'a Chapter],
) -> Vec<&'a Chapter> {
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
    built
}

/// Checks all that needs the chapters' programs, which are built.
fn outputs(
    workspace: &Workspace,
    report: &Report,
    chapters: &[&Chapter],
    pace: Pace,
) {
    report.step("layout");
    layout::check(workspace, report, chapters);
    // Both wait more than they work: side by side they take little longer.
    report.step("transcripts and conventions");
    thread::scope(|scope| {
        scope.spawn(|| cli_conformance::check(workspace, report, chapters));
        scope.spawn(|| timelines::check(workspace, report, chapters));
        transcripts(workspace, report, chapters, pace);
    });
    report.step("as the reader runs it");
    as_reader::check(workspace, report, chapters);
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
        match Transcript::all(workspace, chapter) {
            Ok(found) => {
                queue.extend(found);
            }
            Err(why) => report.fail(&chapter.name, &why, ""),
        }
    }
    // What runs most often comes first, and nobody waits for it at the end.
    queue.sort_by_key(|transcript| {
        Reverse(transcript.contract.contract.is_an_order())
    });
    each(queue, AT_ONCE, |transcript| {
        rerun(workspace, report, &transcript, pace);
    });
}

fn rerun(
    workspace: &Workspace,
    report: &Report,
    transcript: &Transcript,
    pace: Pace,
) {
    let name = transcript.file();
    let programs = &transcript.contract.programs;
    if let Some(program) = programs.iter().find(|p| found(p).is_none()) {
        return report.skip(&name, &format!("no {program}"));
    }
    if transcript.is_python() {
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
            return report.fail(&name, &why, transcript.command());
        }
    }
    let times = if runs == 1 {
        "once"
    } else {
        &format!("{runs} times")
    };
    report.pass(&format!("{name}, {times}"), started.elapsed());
}

/// How often an order that may vary is tried.
const TRIES: u32 = 20;
/// How long what is exact may take for more than its second run.
const QUICK: Duration = Duration::from_secs(1);

/// An order that is luck shows in the second run or in the hundredth: what may
/// vary runs often, and so does what must not and is quick.
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
        _ if contract.contract.is_an_order() => runs < TRIES,
        _ => runs < 2 || (runs < TRIES && took < QUICK),
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
