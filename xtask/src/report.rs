//! What was checked, as it happens and in the end.

use std::fmt::Display;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Counts and prints the results of checks; threads may share it.
pub struct Report {
    started: Instant,
    results: Mutex<Results>,
}

/// Whether a run may skip what cannot be checked on this machine.
#[derive(Clone, Copy, PartialEq)]
pub enum Skips {
    Allowed,
    /// As in continuous integration, where every tool should be installed.
    Denied,
}

#[derive(Default)]
struct Results {
    passed: usize,
    failed: Vec<String>,
    skipped: Vec<(String, String)>,
}

impl Report {
    pub fn new() -> Self {
        Report {
            started: Instant::now(),
            results: Mutex::default(),
        }
    }

    /// Says that a step begins; what it finds follows.
    pub fn step(&self, name: &str) {
        let at = self.started.elapsed().as_secs();
        println!("\n{name} [{}:{:02}]", at / 60, at % 60);
    }

    pub fn pass(&self, what: &str, took: Duration) {
        self.pass_many(1, what, took);
    }

    /// Counts `count` checks that are printed as one line.
    pub fn pass_many(&self, count: usize, what: &str, took: Duration) {
        self.results().passed += count;
        println!("  ok    {what} ({:.1} s)", took.as_secs_f64());
    }

    /// Says what failed, why, and which command repeats it.
    pub fn fail(&self, what: &str, why: impl Display, command: &str) {
        let why = format!("{why:#}");
        self.results()
            .failed
            .push(format!("{what}: {}", first_line(&why)));
        println!("  FAIL  {what}");
        for line in why.lines() {
            println!("        {line}");
        }
        if !command.is_empty() {
            println!("        rerun: {command}");
        }
    }

    pub fn skip(&self, what: &str, why: impl Display) {
        self.results()
            .skipped
            .push((what.to_string(), why.to_string()));
        println!("  skip  {what}: {why}");
    }

    /// Passes or fails one check.
    pub fn check(
        &self,
        what: &str,
        command: &str,
        check: impl FnOnce() -> anyhow::Result<()>,
    ) {
        let started = Instant::now();
        match check() {
            Ok(()) => self.pass(what, started.elapsed()),
            Err(why) => self.fail(what, why, command),
        }
    }

    /// Prints the summary; its last line is the count.
    pub fn finish(self, skips: Skips) -> ExitCode {
        let results = self.results();
        let took = self.started.elapsed().as_secs();
        println!("\nDone in {}:{:02}.", took / 60, took % 60);
        for (what, why) in &results.skipped {
            println!("skipped: {what}: {why}");
        }
        for failure in &results.failed {
            println!("failed: {failure}");
        }
        // A run that checked nothing has proved nothing.
        let mut success = results.failed.is_empty() && results.passed > 0;
        if skips == Skips::Denied && !results.skipped.is_empty() {
            success = false;
            println!("--deny-skips: what was skipped counts as a failure");
        }
        println!(
            "{} passed, {} failed, {} skipped",
            results.passed,
            results.failed.len(),
            results.skipped.len()
        );
        match success {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }

    fn results(&self) -> std::sync::MutexGuard<'_, Results> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the last lines of a text: a failure says in them what went wrong.
pub fn tail(text: &str, count: usize) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].to_vec()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
