//! CPython, as a contender.

use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Throughput};

/// Runs `python3` in the chapter's folder; returns what it prints, or nothing
/// where there is no Python, and says so.
///
/// # Panics
///
/// The program fails: a row that is missing for a fault would look like one
/// that is missing for want of Python.
pub fn python(args: &[&str]) -> Option<String> {
    let run = Command::new("python3")
        .args(args)
        // It would write its caches beside the twins.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    match run {
        Ok(run) => {
            assert!(run.status.success(), "python3: {}", run.status);
            Some(String::from_utf8_lossy(&run.stdout).into_owned())
        }
        Err(err) if err.kind() == io::ErrorKind::NotFound => {
            eprintln!("skipped: the rows of CPython; no python3");
            None
        }
        Err(err) => panic!("python3: {err}"),
    }
}

/// A script that is given a number of items, and how many times to do something
/// with so many; it prints the nanoseconds that all of it took, and what it
/// computed of the items, if it was once.
#[derive(Clone, Copy)]
pub struct Python<'a>(pub &'a str);

impl Python<'_> {
    /// Runs the script; returns nothing where there is no Python.
    ///
    /// # Panics
    ///
    /// The script fails, or prints something else.
    pub fn run(self, items: u64, times: u64) -> Option<(Duration, u64)> {
        let [items, times] = [items, times].map(|n| n.to_string());
        let printed = python(&["-c", self.0, &items, &times])?;
        let mut numbers = printed.split_whitespace().map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(ns)), Some(Ok(result))) => {
                Some((Duration::from_nanos(ns), result))
            }
            _ => panic!("python3 prints `{printed}`, not time and result"),
        }
    }

    /// Makes the script the contender `key` of a group: criterion says how many
    /// times, the script measures `items` items each time.
    ///
    /// `result` is what it has to compute of `items`. Where there is no Python
    /// there is no such contender.
    ///
    /// # Panics
    ///
    /// It computes something else.
    pub fn bench(
        self,
        group: &mut BenchmarkGroup<WallTime>,
        key: &str,
        items: u64,
        result: u64,
    ) {
        let Some((_, computed)) = self.run(items, 1) else {
            return;
        };
        assert_eq!(computed, result, "{key} computes something else");
        group.throughput(Throughput::Elements(items));
        // As few as criterion allows: each starts an interpreter.
        group.sample_size(10);
        group.bench_function(key, |bencher| {
            bencher.iter_custom(|times| {
                let (took, _) = self.run(items, times).expect("it was there");
                took
            });
        });
    }
}
