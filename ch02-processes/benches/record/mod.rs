//! What a measuring program prints: one record, for the book to draw.

use std::time::Duration;

/// One bar of the chart: how long something took, in each round.
pub struct Row {
    /// The row's address: one word, no dots.
    pub key: String,
    pub label: String,
    pub times: Vec<Duration>,
}

/// Prints the record of `rows` to stdout, in microseconds.
///
/// With `ratio_to`, each row is also compared with the first, round by round:
/// what disturbs a round disturbs both.
pub fn print(what: &str, bench: &str, ratio_to: Option<&str>, rows: &[Row]) {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let us: Vec<f64> =
                row.times.iter().map(|t| t.as_secs_f64() * 1e6).collect();
            let low = us.iter().copied().fold(f64::INFINITY, f64::min);
            let high = us.iter().copied().fold(0.0, f64::max);
            let ratio = ratio_to.map_or(String::new(), |_| {
                format!(", \"ratio\": {:.3}", ratio(row, &rows[0]))
            });
            format!(
                "    {{ \"key\": \"{}\", \"label\": \"{}\", \
                 \"median\": {:.3}, \"spread\": [{low:.3}, {high:.3}]{ratio} }}",
                row.key,
                row.label,
                median(us),
            )
        })
        .collect();
    println!("{{\n  \"what\": \"{what}\",");
    println!(
        "  \"command\": \"cargo bench -p ch02-processes --bench {bench}\","
    );
    println!("  \"unit\": \"µs\",");
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
