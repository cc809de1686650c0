//! The section `memory` and its twin, asked for many of many, as one record.

use std::env;
use std::io;
use std::path::Path;
use std::process::Command;

use ch04_async::memory::room::room;
use ch04_async::memory::scales::{Weight, are_here};
use ch04_async::memory::units::Unit;
use ch04_async::memory::weigh_apart;

use crate::record::{Numbers, median, print_numbers};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch04-async");
const TWIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/memory/twin.py");

#[allow(dead_code, reason = "some records are about Rust alone")]
/// What is made: by the program, or by its twin.
#[derive(Clone, Copy)]
pub enum Kind {
    Ours(Unit),
    Pythons(&'static str),
}

use Kind::{Ours, Pythons};

/// The twin's own bound, and its reason.
const MOST_PYTHON_THREADS: (u64, &str) = (
    2_000,
    "which wake up together and fight over the interpreter's lock for minutes",
);

/// Weighs each kind in each of its numbers; prints the record of one `column`.
///
/// What there is no room for is not tried, and named in the record. Under
/// `cargo test` the numbers are a hundredth, and there is no record.
pub fn weigh(
    bench: &str,
    what: &str,
    (unit, column): (&str, fn(Weight) -> f64),
    rounds: usize,
    wanted: &[(Kind, &[u32])],
) {
    if !are_here() {
        return eprintln!("there is no /proc here: nothing can be weighed");
    }
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (rounds, part) = if measure { (rounds, 1) } else { (1, 100) };
    let mut refused = Vec::new();
    let mut rows: Vec<(Kind, u32, String, String, Vec<f64>)> = Vec::new();
    for (kind, counts) in wanted {
        let (name, label, unit) = match kind {
            Ours(unit) => (unit.to_string(), unit.to_string(), *unit),
            Pythons("thread") => {
                ("py-thread".into(), "Python thread".into(), Unit::Thread)
            }
            Pythons(unit) => {
                (format!("py-{unit}"), format!("Python {unit}"), Unit::Task)
            }
        };
        let room = match kind {
            Pythons("thread") => Some(MOST_PYTHON_THREADS),
            _ => room(unit),
        };
        for count in counts.iter().copied() {
            match room {
                Some((most, limit)) if u64::from(count) > most => {
                    let count = thousands(count);
                    refused.push(match kind {
                        Pythons(_) => format!("{count} of {label}, {limit}"),
                        Ours(_) => format!(
                            "{count} of {label}, for half of {limit} is {most}"
                        ),
                    });
                }
                _ => {
                    let key = format!("{name}-{}k", count / 1000);
                    let label =
                        format!("{label}, {} of them", thousands(count));
                    rows.push((*kind, count, key, label, Vec::new()));
                }
            }
        }
    }
    for round in 1..=rounds {
        for (kind, count, key, _, values) in &mut rows {
            eprintln!("round {round} of {rounds}: {key}");
            let weight = match kind {
                Ours(unit) => {
                    weigh_apart(Path::new(PROGRAM), *unit, *count / part)
                }
                Pythons(unit) => python(unit, *count / part),
            };
            match weight {
                Ok(weight) => values.push(column(weight)),
                Err(err) => eprintln!("  {err}"),
            }
        }
    }
    if !measure {
        return;
    }
    rows.retain(|(.., values)| !values.is_empty());
    let base = median(rows[0].4.clone());
    let numbers: Vec<Numbers> = rows
        .iter()
        .map(|(_, _, key, label, values)| Numbers {
            key,
            label,
            values: values.clone(),
            ratio: Some(median(values.clone()) / base),
        })
        .collect();
    let mut what = format!("{what}; the median of {rounds} rounds");
    if !refused.is_empty() {
        what += &format!(". Not tried: {}", refused.join("; "));
    }
    print_numbers(unit, &what, bench, Some(&rows[0].3), &numbers);
}

fn python(unit: &str, count: u32) -> io::Result<Weight> {
    let run = Command::new("python3")
        .arg(TWIN)
        .args(["--unit", unit, "--count", &count.to_string()])
        .output()?;
    String::from_utf8_lossy(&run.stdout)
        .split_once(": ")
        .and_then(|(_, weight)| weight.trim().parse().ok())
        .ok_or_else(|| io::Error::other("no python3, or no room in it"))
}

fn thousands(count: u32) -> String {
    format!("{},{:03}", count / 1000, count % 1000)
}
