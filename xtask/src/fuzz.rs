//! `fuzz`: runs the fuzzers for longer than `test-all` does.
//!
//! A fuzzer is a test that compares ours with a peer's, on cases that it makes
//! of seeds. It reads two numbers from the environment: how many cases, from a
//! variable of its own, and the first seed, from `FUZZ_SEED`.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use subprocess::Finished;

use crate::cargo::cargo;
use crate::transcript::normalize_env;
use crate::usage_error;
use crate::workspace::Workspace;

/// One fuzzer: a row for each.
struct Fuzzer {
    name: &'static str,
    package: &'static str,
    /// The file in the package's `tests`, or the folder.
    test: &'static str,
    /// The variable that says how many cases a run has.
    variable: &'static str,
    /// How many cases a round has.
    cases: u64,
    compares: &'static str,
}

const FUZZERS: &[Fuzzer] = &[
    Fuzzer {
        name: "programs",
        package: "ch03-generators",
        test: "fuzz",
        variable: "FUZZ_PROGRAMS",
        cases: 2_000,
        compares: "coroutines with CPython's generators",
    },
    Fuzzer {
        name: "documents",
        package: "ch03-generators",
        test: "xml",
        variable: "FUZZ_DOCUMENTS",
        cases: 3_000,
        compares: "the XML parser with expat",
    },
    Fuzzer {
        name: "heads",
        package: "ch05-servers",
        test: "http_heads",
        variable: "FUZZ_HEADS",
        cases: 10_000,
        compares: "HTTP heads of all servers with hyper",
    },
    Fuzzer {
        name: "names",
        package: "ch05-servers",
        test: "finder",
        variable: "FUZZ_QUERIES",
        cases: 2_000,
        compares: "the finder with unicodedata",
    },
];

/// The seed of the first round: `test-all` has run the ones below.
const FIRST_SEED: u64 = 1_000_000;

/// A round takes some seconds; past this one hangs.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Which fuzzer, and for how long; without both, they are listed.
#[derive(clap::Args)]
pub struct Options {
    name: Option<String>,
    /// Run new cases for this long (60 by default)
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
}

/// Lists the fuzzers, or runs one, or each in turn.
pub fn fuzz(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let time = Duration::from_secs(options.seconds.unwrap_or(60));
    let chosen: Vec<&Fuzzer> = match &options.name {
        None if options.seconds.is_none() => {
            FUZZERS.iter().for_each(list);
            return Ok(ExitCode::SUCCESS);
        }
        None => FUZZERS.iter().collect(),
        Some(name) => {
            let known = FUZZERS.iter().filter(|fuzzer| fuzzer.name == name);
            known.collect()
        }
    };
    if chosen.is_empty() {
        let names: Vec<&str> = FUZZERS.iter().map(|f| f.name).collect();
        let name = options.name.as_deref().unwrap_or_default();
        let names = names.join(", ");
        return usage_error(&format!("no fuzzer `{name}`; there are {names}"));
    }
    let mut code = ExitCode::SUCCESS;
    for fuzzer in chosen {
        if !run(workspace, fuzzer, time)? {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

fn list(fuzzer: &Fuzzer) {
    let Fuzzer { name, compares, .. } = fuzzer;
    println!("{name:<12} {compares}");
}

/// Runs rounds until the time is over or one fails; says whether none did.
fn run(workspace: &Workspace, fuzzer: &Fuzzer, time: Duration) -> Result<bool> {
    let Fuzzer { name, cases, .. } = fuzzer;
    eprintln!("{name}: building");
    let built = cargo(
        &workspace.root,
        &[&arguments(fuzzer)[..], &["--no-run"]].concat(),
    )?;
    if built.status != Some(0) {
        bail!("{name} is not built\n{}", built.stderr);
    }
    let (start, mut rounds) = (Instant::now(), 0);
    // One round at least, however short the time.
    while rounds == 0 || start.elapsed() < time {
        let seed = FIRST_SEED + rounds * cases;
        let done = round(workspace, fuzzer, seed)?;
        if done.status != Some(0) {
            println!("{}{}", done.stdout, done.stderr);
            println!("{name}: {} from seed {seed}", done.ending());
            println!("again: {}", command_line(fuzzer, seed));
            return Ok(false);
        }
        rounds += 1;
        eprintln!("{name}: {} cases", rounds * cases);
    }
    let seconds = start.elapsed().as_secs();
    println!(
        "{name}: {} cases in {seconds} s, no difference",
        rounds * cases
    );
    Ok(true)
}

/// Runs one round: the fuzzer's cases from this seed on.
fn round(
    workspace: &Workspace,
    fuzzer: &Fuzzer,
    seed: u64,
) -> Result<Finished> {
    let mut command = Command::new("cargo");
    normalize_env(&mut command);
    command
        .args(arguments(fuzzer))
        .env("FUZZ_SEED", seed.to_string())
        .env(fuzzer.variable, fuzzer.cases.to_string())
        .current_dir(&workspace.root);
    Ok(subprocess::run(command, LIMIT)?)
}

fn arguments(fuzzer: &Fuzzer) -> [&'static str; 8] {
    let Fuzzer { package, test, .. } = fuzzer;
    let quiet = ["test", "--quiet", "--release", "--locked"];
    let [a, b, c, d] = quiet;
    [a, b, c, d, "-p", package, "--test", test]
}

/// What a person types to see a failure again.
fn command_line(fuzzer: &Fuzzer, seed: u64) -> String {
    let Fuzzer {
        package,
        test,
        variable,
        cases,
        ..
    } = fuzzer;
    format!(
        "FUZZ_SEED={seed} {variable}={cases} cargo test --release -p {package} --test {test}"
    )
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_fuzzer_is_a_test_that_reads_its_variables() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for fuzzer in FUZZERS {
            let tests = root.join(fuzzer.package).join("tests");
            let file = tests.join(format!("{}.rs", fuzzer.test));
            let text = fs::read_to_string(file)
                .or_else(|_| {
                    fs::read_to_string(tests.join(fuzzer.test).join("main.rs"))
                })
                .unwrap();
            for variable in ["FUZZ_SEED", fuzzer.variable] {
                assert!(text.contains(variable), "{}: {variable}", fuzzer.name);
            }
        }
    }

    /// A test that reads how many cases there are is a fuzzer of the table.
    #[test]
    fn no_fuzzer_is_left_out() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = 0;
        for chapter in fs::read_dir(&root).unwrap() {
            let tests = chapter.unwrap().path().join("tests");
            for test in fs::read_dir(tests).into_iter().flatten() {
                let path = test.unwrap().path();
                let text = fs::read_to_string(&path)
                    .or_else(|_| fs::read_to_string(path.join("main.rs")))
                    .unwrap_or_default();
                if text.contains("FUZZ_") {
                    let stem = path.file_stem().unwrap();
                    let known = FUZZERS.iter().any(|f| stem == f.test);
                    assert!(known, "{} is in no row", path.display());
                    found += 1;
                }
            }
        }
        assert_eq!(found, FUZZERS.len());
    }
}
