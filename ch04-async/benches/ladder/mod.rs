//! Rungs of the section `latency`, ours and Python's, as rows of one record.

use std::env;
use std::path::Path;
use std::process::Command;

use ch04_async::latency::rungs;

use crate::record::{Numbers, median, print_numbers};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch04-async");
const TWIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/latency/twin.py");

#[allow(dead_code, reason = "some records are about Rust alone")]
/// A row, and the rung that it is: of the program, or of its twin.
pub enum Row {
    Ours(&'static str, &'static str),
    Pythons(&'static str, &'static str, &'static str),
}

use Row::{Ours, Pythons};

/// Climbs these rungs in turn, round by round; prints the record.
///
/// The first row is what the others are compared with. Under `cargo test` it is
/// one round with little to do, and instead of a record there is a `shape`: for
/// each pair of rows, the first must take less than the second.
pub fn climb(
    bench: &str,
    unit: &str,
    what: &str,
    rows: &[Row],
    shape: &[[&str; 2]],
) {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let (rounds, scale) = if measure { (9, 4) } else { (1, 1) };
    let per_unit = match unit {
        "µs" => 1e3,
        _ => 1.0,
    };
    let ladder = rungs(Path::new(PROGRAM));
    let mut values = vec![Vec::new(); rows.len()];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let mut pythons = python(rows).into_iter();
        for (row, values) in rows.iter().zip(&mut values) {
            let ns = match row {
                Ours(key, _) => ladder
                    .iter()
                    .find(|rung| rung.key == *key)
                    .and_then(|rung| rung.measure(scale).ok()),
                Pythons(..) => pythons.next(),
            };
            values.extend(ns.map(|ns| ns / per_unit));
        }
    }
    let base = values[0].clone();
    let rows: Vec<_> = rows
        .iter()
        .zip(values)
        // Without python3 its rows are missing.
        .filter(|(_, values)| values.len() == rounds)
        .map(|(row, values)| {
            let ratios = values.iter().zip(&base).map(|(n, base)| n / base);
            let ratio = Some(median(ratios.collect()));
            let (key, label) = match row {
                Ours(key, label) | Pythons(key, label, _) => (*key, *label),
            };
            Numbers {
                key,
                label,
                values,
                ratio,
            }
        })
        .collect();
    if measure {
        let what = format!("{what}; the median of {rounds} rounds");
        print_numbers(unit, &what, bench, Some(rows[0].label), &rows);
    }
    for [less, more] in shape {
        let find = |key| rows.iter().find(|row| row.key == key);
        let (Some(less), Some(more)) = (find(*less), find(*more)) else {
            continue;
        };
        let [below, above] = [less, more].map(|row| median(row.values.clone()));
        assert!(
            below < above,
            "{}: {below}, {}: {above}",
            less.key,
            more.key
        );
    }
}

/// Runs the twin; returns nanoseconds, in the order of the rows.
fn python(rows: &[Row]) -> Vec<f64> {
    let keys = rows.iter().filter_map(|row| match row {
        Ours(..) => None,
        Pythons(_, _, rung) => Some(rung),
    });
    let keys: Vec<_> = keys.collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let run = Command::new("python3").arg(TWIN).args(keys).output();
    let text = run.map(|run| run.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|line| line.split_once(": ")?.1.strip_suffix(" ns"))
        .filter_map(|ns| ns.parse().ok())
        .collect()
}
