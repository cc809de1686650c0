//! `test-all` and `test`: the steps, in the order in which a fault is cheapest
//! to find.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use artifacts::contract::Kind;
use subprocess::{Finished, browser};

use crate::cargo::{cargo, packages, target, targets_of};
use crate::doctor::find_program;
use crate::parallel::for_each;
use crate::report::{Report, Skips, tail};
use crate::transcript::Transcript;
use crate::workspace::{Chapter, Workspace};
use crate::{
    as_reader, book, cli_conformance, layout, other_systems, prove, recordings,
};

/// How many transcripts of a kind run at the same time: most of them wait.
const MAX_THREADS: usize = 8;

/// The packages whose tests take longest, which begin first: none of them
/// should be the last to run, alone.
const LONGEST: [&str; 4] = ["book", "ch05-servers", "live", "xtask"];

/// How many packages are tested at the same time. Their tests wait for
/// servers, children and browsers more than they work.
const MAX_PACKAGES: usize = 3;

/// How `test-all` treats what cannot be checked on this machine.
#[derive(clap::Args)]
pub struct Options {
    /// Fail if anything was skipped, and say why each was
    #[arg(long)]
    deny_skips: bool,
}

/// Checks everything.
pub fn everything(
    workspace: &Workspace,
    options: &Options,
) -> Result<ExitCode> {
    let chapters: Vec<&Chapter> = workspace.chapters.iter().collect();
    let report = Report::new();
    static_checks(workspace, &report);
    let mut packages = packages(&workspace.root, "name")?;
    // The exercises have no tests: `prove` runs their checks.
    packages.retain(|package| package != "exercises");
    packages.sort_by_key(|package| {
        let longest = LONGEST.iter().position(|longest| longest == package);
        longest.unwrap_or(LONGEST.len())
    });
    report.step("tests");
    for_each(packages.clone(), MAX_PACKAGES, |package| {
        run_tests(workspace, &report, &package, &[]);
    });
    let built = build(workspace, &report, &chapters);
    outputs(workspace, &report, &built, Pace::Whole);
    thread::scope(|scope| {
        // The exercises' checks need no program of these packages. The book
        // does: it asks each chapter for its list.
        scope.spawn(|| {
            for package in &packages {
                featured_tests(workspace, &report, package);
            }
        });
        prove::check(workspace, &report);
    });
    report.step("dependencies");
    dependencies(workspace, &report);
    report.step("book");
    let out = target(&workspace.root)?.join("book");
    book::check(workspace, &report, &out);
    Ok(report.finish(match options.deny_skips {
        true => Skips::Denied,
        false => Skips::Allowed,
    }))
}

/// Checks one chapter: its tests, layout, output and conventions.
pub fn chapter(workspace: &Workspace, name: &str) -> Result<ExitCode> {
    let chapter = workspace.chapter(name)?;
    let report = Report::new();
    report.step("tests");
    run_tests(workspace, &report, &chapter.name, &[]);
    featured_tests(workspace, &report, &chapter.name);
    let built = build(workspace, &report, &[chapter]);
    outputs(workspace, &report, &built, Pace::Quick);
    Ok(report.finish(Skips::Allowed))
}

/// Checks what other systems do with the workspace.
pub fn systems(workspace: &Workspace) -> Result<ExitCode> {
    let report = Report::new();
    let chapters: Vec<&Chapter> = workspace.chapters.iter().collect();
    let built = build(workspace, &report, &chapters);
    other_systems(workspace, &report, &built);
    Ok(report.finish(Skips::Allowed))
}

fn other_systems(
    workspace: &Workspace,
    report: &Report,
    chapters: &[&Chapter],
) {
    report.step("other systems");
    other_systems::check(workspace, report);
    report.step("Windows under Wine");
    other_systems::wine(workspace, report, chapters);
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
            check_status(&run)
        });
    }
}

/// Says whether cargo has this subcommand here.
pub fn installed(workspace: &Workspace, subcommand: &str) -> bool {
    let run = cargo(&workspace.root, &[subcommand, "--version"]);
    run.is_ok_and(|run| run.status == Some(0))
}

/// Runs the integration tests and benchmarks of a package that require
/// features, each with its own.
///
/// They run when no other tests do, and when the outputs have been checked: a
/// package's program stands at one path whatever its features, and either would
/// build it without.
fn featured_tests(workspace: &Workspace, report: &Report, package: &str) {
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
            Err(why) => report.fail(package, why, ""),
        }
    }
}

/// Runs a package's unit, integration and doc tests by itself: built together
/// with others it would borrow their features. `only` names one target and its
/// features instead.
fn run_tests(
    workspace: &Workspace,
    report: &Report,
    package: &str,
    only: &[&str],
) {
    let target = ["test", "--locked", "--no-fail-fast", "-p", package];
    let target = [&target[..], only].concat();
    let mut args = target.clone();
    let missing = missing_tools(workspace);
    if !missing.is_empty() {
        args.push("--");
    }
    for (prefix, _) in &missing {
        args.extend(["--skip", prefix]);
    }
    let command = format!("cargo {}", args.join(" "));
    let run = match cargo(&workspace.root, &args) {
        Ok(run) => run,
        Err(err) => return report.fail(&command, err, &command),
    };
    let passed = count(&run, " passed");
    if passed > 0 {
        let what = format!("{package}: {passed} tests");
        report.pass_many(passed, &what, run.took);
    }
    let failed = run.stdout.lines().filter_map(|line| {
        line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
    });
    let failed: Vec<&str> = failed.collect();
    for test in &failed {
        let words = [&target[4..], &[test]].concat().join(" ");
        let command = format!("cargo test -p {words}");
        let what = format!("{package}: {test}");
        let mut why = failure_of(&run, test);
        // A test program that is cut off prints no failures.
        if why.is_empty() {
            why = run.ending();
        }
        report.fail(&what, why, &command);
    }
    if failed.is_empty()
        && let Err(why) = check_status(&run)
    {
        report.fail(&command, why, &command);
    }
    if count(&run, " filtered out") > 0 {
        skip_tests(workspace, report, package, &target, &missing);
    }
}

/// Adds up what the test programs of a run say of their tests: ` passed`.
fn count(run: &Finished, label: &str) -> usize {
    let results = run.stdout.lines();
    let results = results.filter(|line| line.starts_with("test result:"));
    let count = |line: &str| {
        let (before, _) = line.split_once(label)?;
        before.split_whitespace().next_back()?.parse::<usize>().ok()
    };
    results.filter_map(count).sum()
}

/// Counts each test that cannot run here as skipped, with what it lacks.
fn skip_tests(
    workspace: &Workspace,
    report: &Report,
    package: &str,
    target: &[&str],
    missing: &[(&str, String)],
) {
    // The tests' names, as libtest lists them: `NAME: test`.
    let list = [target, &["--", "--list"]].concat();
    let run = match cargo(&workspace.root, &list) {
        Ok(run) => run,
        Err(err) => return report.fail(package, err, &list.join(" ")),
    };
    for line in run.stdout.lines() {
        let Some(test) = line.strip_suffix(": test") else {
            continue;
        };
        let lacks = missing.iter().filter(|(prefix, _)| test.contains(prefix));
        let lacks: Vec<&str> = lacks.map(|(_, why)| why.as_str()).collect();
        if !lacks.is_empty() {
            report.skip(&format!("{package}: {test}"), lacks.join("; "));
        }
    }
}

/// Returns what this machine lacks: how the names of the tests begin that need
/// it, and what it is.
fn missing_tools(workspace: &Workspace) -> Vec<(&'static str, String)> {
    static CHROMIUM: OnceLock<bool> = OnceLock::new();
    let mut missing = Vec::new();
    if let Err(why) = workspace.python() {
        missing.push(("needs_python3", why.to_string()));
    }
    let mut need = |prefix, is_here: bool, name: &str| {
        if !is_here {
            missing.push((prefix, format!("no {name}")));
        }
    };
    let chromium = *CHROMIUM.get_or_init(|| browser::find().is_some());
    need("needs_chromium", chromium, "Chromium");
    let axe = workspace.root.join(browser::AXE).is_file();
    need("needs_axe", axe, "axe-core");
    for (prefix, program) in [
        ("needs_nats_server", "nats-server"),
        ("needs_nginx", "nginx"),
        ("needs_wrk", "wrk"),
        ("needs_curl", "curl"),
        ("needs_typos", "typos"),
    ] {
        need(prefix, find_program(program).is_some(), program);
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
        scope.spawn(|| recordings::check(workspace, report, chapters));
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
            Err(why) => report.fail(&chapter.name, why, ""),
        }
    }
    // Orders are run often and sleep nearly all the time: the others, which
    // compute, do not wait behind them.
    let (orders, others) = queue
        .into_iter()
        .partition(|transcript| transcript.contract.contract.is_an_order());
    thread::scope(|scope| {
        for queue in [orders, others] {
            scope.spawn(move || {
                for_each(queue, MAX_THREADS, |transcript: Transcript| {
                    rerun(workspace, report, &transcript, pace);
                });
            });
        }
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
    let missing: Vec<&str> = programs
        .iter()
        .filter(|program| find_program(program).is_none())
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        return report.skip(&name, format!("no {}", missing.join(", no ")));
    }
    if transcript.is_python() {
        if let Err(why) = workspace.python() {
            return report.skip(&name, why);
        }
        let missing = workspace.missing_modules(&transcript.contract.needs);
        if !missing.is_empty() {
            let why = format!("no Python module {}", missing.join(", "));
            return report.skip(&name, why);
        }
    }
    let started = Instant::now();
    let (mut runs, mut took) = (0, Duration::ZERO);
    while needs_another_run(transcript, runs, took, pace) {
        let outcome = transcript.run(workspace).and_then(|run| {
            took += run.took;
            transcript.check(&run)
        });
        runs += 1;
        if let Err(why) = outcome {
            let why = format!("{why:#}\n(run {runs})");
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

/// How often a run is repeated whose order may vary.
const ORDER_RUNS: u32 = 20;
/// How long an exact run may take in all to be repeated more than once.
const QUICK: Duration = Duration::from_secs(1);

/// Says whether a transcript has not been run often enough. An order that the
/// scheduler decides shows in the second run or in the hundredth: a contract
/// that leaves it open is tried often, and so is an exact one that is quick.
fn needs_another_run(
    transcript: &Transcript,
    runs: u32,
    took: Duration,
    pace: Pace,
) -> bool {
    let contract = &transcript.contract;
    // The compiler says the same each time.
    let varies = contract.contract != Kind::Refused && !contract.hangs();
    match (contract.runs, pace) {
        (_, Pace::Quick) => runs < 1,
        (Some(wanted), _) => runs < wanted,
        _ if !varies => runs < 1,
        _ if contract.contract.is_an_order() => runs < ORDER_RUNS,
        _ => runs < 2 || (runs < ORDER_RUNS && took < QUICK),
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
        check_status(&cargo(&workspace.root, &args)?)
    });
}

/// Fails with the end of what a command printed, if it failed.
pub fn check_status(run: &Finished) -> Result<()> {
    if run.status == Some(0) {
        return Ok(());
    }
    let output = format!("{}{}", run.stdout, run.stderr);
    // The beginning says what was compiled.
    Err(anyhow!(
        "{}\n{}",
        run.ending(),
        tail(&output, 40).join("\n")
    ))
}
