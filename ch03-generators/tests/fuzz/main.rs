//! Random programs, run by CPython and on the facility: the traces are equal.
//!
//! A program has bodies that yield, catch, loop, delegate and resume objects
//! that others hold too, and a script that resumes, throws, closes and drops.
//! It is written as Python and interpreted here. Where the facility deviates, and
//! why, stands in one place, the documentation of `coroutine`; `prelude.py` does
//! the same to CPython's generators.
//!
//! The test runs 2,000 programs. For a long run:
//!
//! cargo xtask fuzz programs --seconds 600

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

mod interpreter;
mod program;

use interpreter::{coroutine, movable};
use program::{Program, Python};

/// How many programs are one Python file.
const AT_ONCE: u64 = 2_000;

/// Returns the number in an environment variable, or another one.
fn number(variable: &str, otherwise: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().expect(variable),
        Err(_) => otherwise,
    }
}

/// Runs the programs of some seeds in one Python process.
fn in_python(programs: &[(u64, Arc<Program>)]) -> HashMap<u64, Vec<String>> {
    let mut python = Python::new();
    for (seed, program) in programs {
        python.add(*seed, program);
    }
    let mut child = Command::new("python3")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut stdin = child.stdin.take().unwrap();
    // Python reads all of it before it runs the first line of it.
    stdin.write_all(python.end().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "python3 failed");
    let mut traces = HashMap::new();
    let mut trace: &mut Vec<String> = &mut Vec::new();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines() {
        let head = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
        match head {
            Some(seed) => {
                trace = traces.entry(seed.parse().unwrap()).or_default();
            }
            None => trace.push(line.to_string()),
        }
    }
    traces
}

/// Shows one program and where its traces part.
fn difference(
    seed: u64,
    program: &Program,
    python: &[String],
    ours: &[String],
) -> String {
    let same = python.iter().zip(ours).take_while(|(a, b)| a == b).count();
    let mut source = Python::new();
    source.text.clear();
    source.add(seed, program);
    format!(
        "program {seed}:\n{}\nafter {same} equal lines:\n{:#?}\nCPython: \
         {:?}\nhere:    {:?}",
        source.text,
        &ours[same.saturating_sub(12)..same],
        python.get(same),
        ours.get(same),
    )
}

#[test]
fn needs_python3_random_programs_do_what_cpython_does() {
    let (first, count) =
        (number("FUZZ_SEED", 0), number("FUZZ_PROGRAMS", AT_ONCE));
    let (mut skipped, mut lines, mut differences) = (0, 0, Vec::new());
    let seeds: Vec<u64> = (first..first + count).collect();
    for seeds in seeds.chunks(AT_ONCE as usize) {
        let programs: Vec<_> = seeds
            .iter()
            .map(|seed| (*seed, Arc::new(Program::new(*seed))))
            .collect();
        let expected = in_python(&programs);
        for (seed, program) in &programs {
            let expected = &expected[seed];
            if *expected == ["skipped"] {
                skipped += 1;
                continue;
            }
            lines += expected.len();
            for trace in [coroutine::trace(program), movable::trace(program)] {
                if trace != *expected {
                    let text = difference(*seed, program, expected, &trace);
                    differences.push((text.len(), text));
                }
            }
        }
    }
    println!("{count} programs, {lines} lines, {skipped} skipped");
    // The shortest program says most.
    differences.sort();
    let number = differences.len();
    if let Some((_, text)) = differences.first() {
        panic!("{number} programs differ, among them\n{text}");
    }
    assert!(skipped * 20 < count, "{skipped} programs were not compared");
}
