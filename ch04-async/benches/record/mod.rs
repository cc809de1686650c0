//! What a measuring program prints: one record, for the book to draw.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::thread::available_parallelism;
use std::time::{Duration, SystemTime};

/// One bar of the chart: how long something took, in each round.
pub struct Row {
    /// The row's address: one word, no dots.
    pub key: String,
    pub label: String,
    pub times: Vec<Duration>,
}

/// Prints the record of `rows` to stdout, in milliseconds.
///
/// With `ratio_to`, each row is also compared with the first, round by round:
/// what disturbs a round disturbs both.
pub fn print(what: &str, bench: &str, ratio_to: Option<&str>, rows: &[Row]) {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let ms: Vec<f64> =
                row.times.iter().map(|t| t.as_secs_f64() * 1e3).collect();
            let low = ms.iter().copied().fold(f64::INFINITY, f64::min);
            let high = ms.iter().copied().fold(0.0, f64::max);
            let ratio = ratio_to.map_or(String::new(), |_| {
                format!(", \"ratio\": {:.3}", ratio(row, &rows[0]))
            });
            format!(
                "    {{ \"key\": \"{}\", \"label\": \"{}\", \
                 \"median\": {:.3}, \"spread\": [{low:.3}, {high:.3}]{ratio} }}",
                row.key,
                row.label,
                median(ms),
            )
        })
        .collect();
    println!("{{\n  \"what\": \"{what}\",");
    println!("  \"command\": \"cargo bench -p ch04-async --bench {bench}\",");
    println!("  \"date\": \"{}\",", today());
    println!("  \"machine\": \"{}\",", machine());
    println!("  \"unit\": \"ms\",");
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

fn machine() -> String {
    // Linux alone has this file; elsewhere the architecture must do.
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then_some(value.trim())
    });
    let cores = available_parallelism().map_or(1, usize::from);
    format!(
        "{} ({ARCH}), {cores} cores, {OS}",
        model.unwrap_or("processor")
    )
}

/// Today's date in UTC, by the Gregorian calendar's cycle of 400 years.
fn today() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = now.map_or(0, |now| now.as_secs());
    // Days since 1 March of the year 0: leap days come last in a year.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!(
        "{:04}-{month:02}-{day_of_month:02}",
        era * 400 + year + carry
    )
}
