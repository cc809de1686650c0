//! The section `memory` and its twin, asked for many of many, as one record.
//!
//! Not by criterion: each number of them is a process of its own.

use std::io;
use std::path::Path;

use ch04_async::memory::room::room;
use ch04_async::memory::scales::{Weight, are_here};
use ch04_async::memory::units::Unit;
use ch04_async::memory::weigh_apart;

use measure::{Measurement, is_wanted, median};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch04-async");

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
    mut measured: Measurement,
    what: &str,
    column: fn(Weight) -> f64,
    rounds: usize,
    wanted: &[(Kind, &[u32])],
) {
    if !are_here() {
        return eprintln!("there is no /proc here: nothing can be weighed");
    }
    let part = if is_wanted() { 1 } else { 100 };
    let mut refused = Vec::new();
    let mut rows: Vec<(Kind, u32, String, String)> = Vec::new();
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
                    rows.push((*kind, count, key, label));
                }
            }
        }
    }
    for _ in measured.rounds(rounds) {
        for (kind, count, key, label) in &rows {
            let weight = match kind {
                Ours(unit) => {
                    weigh_apart(Path::new(PROGRAM), *unit, *count / part)
                        .map(Some)
                }
                Pythons(unit) => python(unit, *count / part),
            };
            match weight {
                Ok(Some(weight)) => measured.add(key, label, column(weight)),
                Ok(None) => {}
                Err(err) => eprintln!("    {label}: {err}"),
            }
        }
    }
    let medians = measured.rows.iter().map(|row| row.values.clone());
    let medians: Vec<f64> = medians.map(median).collect();
    // Each is weighed by itself: a round has nothing that they share.
    let ratios = medians.iter().map(|each| each / medians[0]);
    let base = measured.rows[0].label.clone();
    measured.set_ratios(&base, ratios);
    let refused = match refused.is_empty() {
        true => String::new(),
        false => format!(" (not tried: {})", refused.join("; ")),
    };
    measured.print(&format!("{what}{refused}"));
}

/// Asks the twin; returns nothing where there is no Python.
fn python(unit: &str, count: u32) -> io::Result<Option<Weight>> {
    let count = count.to_string();
    let args = ["src/memory/twin.py", "--unit", unit, "--count", &count];
    let Some(printed) = measure::python(&args) else {
        return Ok(None);
    };
    let weight = printed.split_once(": ").map(|(_, weight)| weight.trim());
    let weight = weight.and_then(|weight| weight.parse().ok());
    match weight {
        Some(weight) => Ok(Some(weight)),
        None => Err(io::Error::other(format!("the twin prints {printed}"))),
    }
}

fn thousands(count: u32) -> String {
    format!("{},{:03}", count / 1000, count % 1000)
}
