//! Runs futures in every order of turns that there is, and records them.
//!
//! An executor may poll the futures that were woken in any order. This one
//! takes each order in turn, depth first. The section is the chapter's own
//! file, with tools in it that say who uses them, and at which line; chapter
//! 1's `schedules` do the same for threads.
//!
//! cargo run -q -p ch04-async --example schedules -- no-lock

mod explore;
mod programs;
mod tools;
mod trace;

use std::collections::BTreeMap;
use std::process::ExitCode;

use explore::{Outcome, explore};

const FILE: &str = "ch04-async/src/no_lock/mod.rs";
const TEXT: &str = include_str!("../src/no_lock/mod.rs");

/// A program, and what its futures share.
type Case = (&'static str, &'static str, fn() -> Outcome);

const CASES: &[Case] = &[
    ("an await in between", "count", programs::await_between),
    ("no await in between", "count", programs::no_await),
    ("the same, locked", "count", programs::locked),
    (
        "a pause in the transfer",
        "accounts",
        programs::pause_inside,
    ),
    (
        "a pause before the transfer",
        "accounts",
        programs::pause_before,
    ),
];

fn main() -> ExitCode {
    if std::env::args().skip(1).ne(["no-lock".to_string()]) {
        eprintln!("error: name one of no-lock");
        return ExitCode::from(2);
    }
    println!("schedules, format 1");
    println!("file {FILE} {:016x}", fingerprint());
    println!("threads {}", trace::NAMES.join(", "));
    for (name, shared, program) in CASES {
        write(name, &explore(shared, *program));
    }
    ExitCode::SUCCESS
}

/// Tells two states of the file apart (FNV-1a); line ends do not count.
fn fingerprint() -> u64 {
    let bytes = TEXT.bytes().filter(|byte| *byte != b'\r');
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Prints all orders of a program's steps, those first that go wrong.
fn write(name: &str, histories: &BTreeMap<Vec<String>, (Outcome, usize)>) {
    let mut outcomes = BTreeMap::<&Outcome, (usize, usize)>::new();
    for (outcome, schedules) in histories.values() {
        let counted = outcomes.entry(outcome).or_default();
        counted.0 += schedules;
        counted.1 += 1;
    }
    let schedules: usize = histories.values().map(|(_, n)| n).sum();
    let wrong = histories.values().filter(|(end, _)| end.wrong()).count();
    println!("program {name}");
    println!(
        "explored {schedules} schedules, {} histories, {wrong} wrong",
        histories.len()
    );
    for (outcome, (schedules, histories)) in &outcomes {
        let counts = format!("{schedules} schedules, {histories} histories");
        println!("outcome {counts}{}", outcome.words());
    }
    let mut shown: Vec<_> = histories.iter().collect();
    shown.sort_by_key(|(steps, (outcome, _))| (outcome, steps.len()));
    for (steps, (outcome, schedules)) in shown {
        println!("history {schedules} schedules{}", outcome.words());
        steps.iter().for_each(|step| println!("  {step}"));
    }
}
