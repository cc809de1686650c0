//! What a measuring program prints: one record, for the book to draw.

use std::process::{Command, Stdio};
use std::time::Duration;

/// One bar of the chart: how long something took, in each round.
pub struct Row {
    /// The row's address: one word, no dots.
    pub key: &'static str,
    pub label: &'static str,
    pub times: Vec<Duration>,
}

/// Returns a row without times.
pub fn row(key: &'static str, label: &'static str) -> Row {
    let times = Vec::new();
    Row { key, label, times }
}

/// Returns the times that a Python program prints, in seconds, one a line; none
/// where there is no Python, and then the record has no such row.
pub fn python(program: &str) -> Vec<Duration> {
    let run = Command::new("python3")
        .args(["-c", program])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stderr(Stdio::inherit())
        .output();
    let Ok(run) = run else {
        eprintln!("no python3: skipped");
        return Vec::new();
    };
    let lines = String::from_utf8_lossy(&run.stdout).into_owned();
    let seconds = lines.lines().filter_map(|line| line.parse().ok());
    seconds.map(Duration::from_secs_f64).collect()
}

/// Prints the record of `rows` to stdout, in `unit`, which is ms or µs.
///
/// With `ratio_to`, each row is also compared with the first, round by round:
/// what disturbs a round disturbs both.
pub fn print(
    what: &str,
    bench: &str,
    ratio_to: Option<&str>,
    unit: &str,
    rows: &[Row],
) {
    let scale = if unit == "ms" { 1e3 } else { 1e6 };
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let times = row.times.iter();
            let values: Vec<f64> =
                times.map(|time| time.as_secs_f64() * scale).collect();
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(0.0, f64::max);
            let ratio = ratio_to.map_or(String::new(), |_| {
                format!(", \"ratio\": {:.3}", ratio(row, &rows[0]))
            });
            format!(
                "    {{ \"key\": \"{}\", \"label\": \"{}\", \
                 \"median\": {:.3}, \"spread\": [{low:.3}, {high:.3}]{ratio} }}",
                row.key,
                row.label,
                median(values),
            )
        })
        .collect();
    println!("{{\n  \"what\": \"{what}\",");
    println!("  \"command\": \"cargo bench -p ch05-servers --bench {bench}\",");
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
