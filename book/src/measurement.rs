//! Draws a measurement: a chapter's [`Record`] as a chart with its table.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use artifacts::measurement::{Record, Row};

use crate::fault::did_you_mean;
use crate::html::{command, escape, sentence, thousands};

/// Returns chart, table and provenance of the record `CHAPTER/NAME`.
///
/// # Errors
///
/// No such record, or one that does not say all it has to say.
pub fn figure(root: &Path, name: &str) -> Result<String> {
    Ok(draw(&Record::read(root, name)?))
}

/// Returns one figure of the record `CHAPTER/NAME` for a sentence: of
/// `KEY.median` the number with its unit, of `KEY.ratio` the number with a `×`.
///
/// # Errors
///
/// No such record, no such row, or it has no such figure.
pub fn value(root: &Path, name: &str, address: &str) -> Result<String> {
    quote(&Record::read(root, name)?, address)
}

fn quote(record: &Record, address: &str) -> Result<String> {
    let (key, field) = address.split_once('.').unwrap_or((address, ""));
    let Some(row) = record.row(key) else {
        let near = did_you_mean(key, record.rows.iter().map(|r| &*r.key));
        bail!("no row `{key}`{near}");
    };
    match (field, row.ratio) {
        ("median", _) => Ok(quantity(record, row.median)),
        ("ratio", Some(ratio)) => Ok(format!("{}\u{a0}×", short(ratio))),
        ("ratio", None) => Err(anyhow!("row `{key}` has no ratio")),
        _ => Err(anyhow!("`{address}` is not KEY.median or KEY.ratio")),
    }
}

fn quantity(record: &Record, value: f64) -> String {
    format!("{}\u{a0}{}", short(value), record.unit)
}

fn draw(record: &Record) -> String {
    format!(
        "<figure class=\"measured\">{}{}{}<figcaption>{} \
         <span class=\"when\">Measured on {}, {}.</span></figcaption>\
         </figure>",
        command(&record.command),
        chart(record),
        table(record),
        sentence(&format!("{}.", record.what.trim_end_matches('.'))),
        escape(&record.date),
        escape(&record.machine),
    )
}

/// Draws a bar for each row, with a line over it from the smallest to the
/// largest value.
///
/// Widths are in per cent and heights in pixels, so that the letters stay
/// as tall as they are on a narrow page. The numbers are in the table.
fn chart(record: &Record) -> String {
    let top = |row: &Row| row.spread.map_or(row.median, |[_, high]| high);
    let widest = record.rows.iter().map(top).fold(0.0, f64::max);
    let percent = |value: f64| match widest {
        0.0 => 0.0,
        widest => value / widest * 100.0,
    };
    let mut svg = String::new();
    for (i, row) in record.rows.iter().enumerate() {
        let y = i * 46;
        svg += &format!(
            "<text x=\"0\" y=\"{}\">{}</text>\
             <text x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect class=\"bar\" x=\"0\" y=\"{}\" width=\"{:.2}%\" \
             height=\"14\" rx=\"2\"></rect>",
            y + 15,
            escape(&row.label),
            y + 15,
            escape(&quantity(record, row.median)),
            y + 22,
            percent(row.median),
        );
        if let Some([low, high]) = row.spread {
            svg += &format!(
                "<line class=\"spread\" x1=\"{:.2}%\" x2=\"{:.2}%\" \
                 y1=\"{2}\" y2=\"{2}\"></line>",
                percent(low),
                percent(high),
                y + 29,
            );
        }
    }
    format!(
        "<svg class=\"chart\" role=\"img\" width=\"100%\" height=\"{}\" \
         aria-label=\"Bar chart of the table below\">{svg}</svg>",
        record.rows.len() * 46,
    )
}

fn table(record: &Record) -> String {
    let spread = record.rows.iter().any(|row| row.spread.is_some());
    let ratio = record.rows.iter().any(|row| row.ratio.is_some());
    let mut html = String::from("<table><thead><tr><th></th>");
    let unit = escape(&record.unit);
    html += &format!("<th>median, {unit}</th>");
    if spread {
        let of = match record.confidence {
            Some(level) => {
                format!("{:.0}\u{a0}% interval of the median", level * 100.0)
            }
            None => "lowest to highest".to_string(),
        };
        html += &format!("<th>{of}, {unit}</th>");
    }
    if ratio {
        html += &format!("<th>times {}</th>", escape(&record.ratio_to));
    }
    html += "</tr></thead><tbody>";
    for row in &record.rows {
        html += &format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td>",
            escape(&row.label),
            short(row.median)
        );
        if spread {
            let spread = row.spread.map_or(String::new(), |[low, high]| {
                format!("{} to {}", short(low), short(high))
            });
            html += &format!("<td>{spread}</td>");
        }
        if ratio {
            let ratio = row.ratio.map_or(String::new(), short);
            html += &format!("<td>{ratio}</td>");
        }
        html += "</tr>";
    }
    html + "</tbody></table>"
}

/// Writes a number with three digits that count, and thousands apart.
fn short(value: f64) -> String {
    let digits = match value.abs() {
        v if v == 0.0 || v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        // As many zeros as there are behind the point, and three more.
        v => 2 + (-v.log10().floor()) as usize,
    };
    let text = format!("{value:.digits$}");
    if digits > 0 {
        return text;
    }
    thousands(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{
        "what": "1,000 downloads, `-m 100`, 5 runs",
        "command": "cargo xtask bench ch04",
        "date": "2026-11-22",
        "machine": "2 cores of a shared server, Linux 6.1",
        "unit": "s",
        "ratio_to": "the ideal",
        "rows": [
            {"key": "ideal", "label": "ideal", "median": 0.5},
            {"key": "async-100", "label": "async <100>", "median": 0.56,
             "spread": [0.54, 0.6], "ratio": 1.12}
        ]
    }"#;

    #[test]
    fn a_figure_is_quoted_by_its_row_and_name() {
        let record = Record::parse(RECORD).unwrap();
        let value = |address| quote(&record, address);
        assert_eq!(value("async-100.median").unwrap(), "0.560\u{a0}s");
        assert_eq!(value("async-100.ratio").unwrap(), "1.12\u{a0}×");
        assert_eq!(
            value("ideal.ratio").unwrap_err().to_string(),
            "row `ideal` has no ratio"
        );
        assert_eq!(
            value("async-10.median").unwrap_err().to_string(),
            "no row `async-10`; did you mean `async-100`?"
        );
    }

    #[test]
    fn the_chart_has_its_numbers_in_a_table() {
        let figure = draw(&Record::parse(RECORD).unwrap());
        assert!(figure.contains("<td>0.540 to 0.600</td>"), "{figure}");
        assert!(figure.contains("async &lt;100&gt;"));
        assert!(!figure.contains('\n'));
    }

    #[test]
    fn an_interval_is_called_one() {
        let mut record = Record::parse(RECORD).unwrap();
        assert!(draw(&record).contains("<th>lowest to highest, s</th>"));
        record.confidence = Some(0.95);
        let of = "<th>95\u{a0}% interval of the median, s</th>";
        assert!(draw(&record).contains(of));
    }

    #[test]
    fn three_digits_count() {
        let written = [0.0, 0.001234, 0.56, 3.0, 45.67, 123.4, 1234567.0];
        assert_eq!(
            written.map(short).join(" "),
            "0 0.00123 0.560 3.00 45.7 123 1\u{202f}234\u{202f}567"
        );
    }
}
