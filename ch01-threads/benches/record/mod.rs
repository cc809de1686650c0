//! What a measuring program prints: one record, for the book to draw. `cargo
//! xtask bench` adds date and machine.

use std::time::{Duration, Instant};

/// One bar of the chart: what was measured, in each round.
pub struct Row {
    /// The row's address: one word, no dots.
    key: &'static str,
    label: String,
    values: Vec<f64>,
}

impl Row {
    /// Makes a row without values.
    pub fn new(key: &'static str, label: impl Into<String>) -> Row {
        let label = label.into();
        Row {
            key,
            label,
            values: Vec::new(),
        }
    }

    /// Adds a round's value.
    pub fn push(&mut self, value: f64) {
        self.values.push(value);
    }

    /// Says whether nothing was measured.
    #[allow(dead_code, reason = "only Python may be missing")]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns the median of the ratios that this row and `base` have in each
    /// round: what disturbs a round disturbs both.
    pub fn ratio(&self, base: &Row) -> f64 {
        let pairs = self.values.iter().zip(&base.values);
        median(pairs.map(|(value, base)| value / base).collect())
    }
}

/// Prints the record of `rows` to stdout, each compared with the first if
/// `ratio_to` names it.
pub fn print(
    what: &str,
    bench: &str,
    unit: &str,
    ratio_to: Option<&str>,
    rows: &[Row],
) {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let low = row.values.iter().copied().fold(f64::MAX, f64::min);
            let high = row.values.iter().copied().fold(0.0, f64::max);
            let ratio = ratio_to.map_or(String::new(), |_| {
                format!(", \"ratio\": {:.3}", row.ratio(&rows[0]))
            });
            format!(
                "    {{ \"key\": \"{}\", \"label\": \"{}\", \
                 \"median\": {:.3}, \"spread\": [{low:.3}, {high:.3}]{ratio} }}",
                row.key,
                row.label,
                median(row.values.clone()),
            )
        })
        .collect();
    println!("{{\n  \"what\": \"{what}\",");
    println!("  \"command\": \"cargo bench -p ch01-threads --bench {bench}\",");
    println!("  \"unit\": \"{unit}\",");
    if let Some(base) = ratio_to {
        println!("  \"ratio_to\": \"{base}\",");
    }
    println!("  \"rows\": [\n{}\n  ]\n}}", lines.join(",\n"));
}

/// Returns how long `work` takes.
#[allow(dead_code, reason = "the program that measures memory has no times")]
pub fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Says whether to measure: `cargo bench` says so, `cargo test` does not.
pub fn is_wanted() -> bool {
    std::env::args().any(|arg| arg == "--bench")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
