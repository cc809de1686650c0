//! What a measuring program prints: one record, for the book to draw.

/// One bar of the chart: what was measured, in each round.
pub struct Row {
    /// The row's address: one word, no dots.
    pub key: String,
    pub label: String,
    pub values: Vec<f64>,
}

/// Adds a round's value to the row `key`, the first to a new one.
pub fn add(rows: &mut Vec<Row>, key: &str, label: &str, value: f64) {
    match rows.iter_mut().find(|row| row.key == key) {
        Some(row) => row.values.push(value),
        None => rows.push(Row {
            key: key.to_string(),
            label: label.to_string(),
            values: vec![value],
        }),
    }
}

/// Prints the record of `rows` to stdout.
///
/// With `ratio_to`, each row is also compared with the first, round by round:
/// what disturbs a round disturbs both.
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
            let values = row.values.iter().copied();
            let low = values.clone().fold(f64::INFINITY, f64::min);
            let high = values.fold(0.0, f64::max);
            let ratio = ratio_to.map_or(String::new(), |_| {
                format!(", \"ratio\": {:.3}", ratio(row, &rows[0]))
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
    println!(
        "  \"command\": \"cargo bench -p ch02-processes --bench {bench}\","
    );
    println!("  \"unit\": \"{unit}\",");
    if let Some(base) = ratio_to {
        println!("  \"ratio_to\": \"{base}\",");
    }
    println!("  \"rows\": [\n{}\n  ]\n}}", lines.join(",\n"));
}

/// Returns the median of the ratios that `row` and `base` have in each round.
pub fn ratio(row: &Row, base: &Row) -> f64 {
    let pairs = row.values.iter().zip(&base.values);
    median(pairs.map(|(value, base)| value / base).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
