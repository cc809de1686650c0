//! What a measuring program prints: one record, for the book to draw.

#![allow(dead_code, reason = "no program measures in every unit")]

use std::time::Duration;

/// One bar of the chart: how long something took, in each round.
pub struct Row {
    /// The row's address: one word, no dots.
    pub key: String,
    pub label: String,
    pub times: Vec<Duration>,
}

impl Row {
    /// Makes a row without measurements.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Row {
        Row {
            key: key.into(),
            label: label.into(),
            times: Vec::new(),
        }
    }
}

/// Prints the record of `rows` to stdout, in milliseconds.
///
/// With `ratio_to`, each row is also compared with the first, round by round:
/// what disturbs a round disturbs both.
pub fn print(what: &str, bench: &str, ratio_to: Option<&str>, rows: &[Row]) {
    print_in("ms", what, bench, ratio_to, rows);
}

/// Does as [`print()`], in `s`, `ms`, `µs` or `ns`.
pub fn print_in(
    unit: &str,
    what: &str,
    bench: &str,
    ratio_to: Option<&str>,
    rows: &[Row],
) {
    let units_a_second = match unit {
        "ns" => 1e9,
        "µs" => 1e6,
        "ms" => 1e3,
        _ => 1.0,
    };
    let numbers: Vec<Numbers> = rows
        .iter()
        .map(|row| Numbers {
            key: &row.key,
            label: &row.label,
            values: row
                .times
                .iter()
                .map(|time| time.as_secs_f64() * units_a_second)
                .collect(),
            ratio: ratio_to.map(|_| ratio(row, &rows[0])),
        })
        .collect();
    print_numbers(unit, what, bench, ratio_to, &numbers);
}

/// One bar of the chart, in the record's unit.
pub struct Numbers<'a> {
    pub key: &'a str,
    pub label: &'a str,
    pub values: Vec<f64>,
    pub ratio: Option<f64>,
}

/// Prints a record of numbers of any unit to stdout.
pub fn print_numbers(
    unit: &str,
    what: &str,
    bench: &str,
    ratio_to: Option<&str>,
    rows: &[Numbers],
) {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let values = &row.values;
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(0.0, f64::max);
            let ratio = row
                .ratio
                .map_or(String::new(), |ratio| format!(", \"ratio\": {ratio:.3}"));
            format!(
                "    {{ \"key\": \"{}\", \"label\": \"{}\", \
                 \"median\": {:.3}, \"spread\": [{low:.3}, {high:.3}]{ratio} }}",
                row.key,
                row.label,
                median(values.clone()),
            )
        })
        .collect();
    println!("{{\n  \"what\": \"{what}\",");
    println!("  \"command\": \"cargo bench -p ch04-async --bench {bench}\",");
    println!("  \"unit\": \"{unit}\",");
    if let Some(base) = ratio_to {
        println!("  \"ratio_to\": \"{base}\",");
    }
    println!("  \"rows\": [\n{}\n  ]\n}}", lines.join(",\n"));
}

/// Returns the median of the ratios that `row` and `base` have in each round.
pub fn ratio(row: &Row, base: &Row) -> f64 {
    let pairs = row.times.iter().zip(&base.times);
    median(
        pairs
            .map(|(time, base)| time.div_duration_f64(*base))
            .collect(),
    )
}

/// Returns the middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
