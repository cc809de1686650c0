//! Measurements: a record in a chapter's `measurements/`, and its chart.
//!
//! CONTRIBUTING.md, "Measurements", describes the record.

use std::path::Path;

use serde::Deserialize;

use crate::fault::did_you_mean;
use crate::html::{command, escape, sentence};
use crate::listing::read;

/// What was measured, when and where.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// One sentence: what was done, and how often. `code` in backticks.
    what: String,
    /// What to type in the root of the workspace to measure again.
    command: String,
    /// The day, as `2026-11-22`.
    date: String,
    /// Processor, number of cores, operating system.
    machine: String,
    /// The unit of all medians and spreads: `s`, `ms`, `ns`, `B`, `MB`.
    unit: String,
    /// What the ratios are ratios to, for instance `the ideal`.
    #[serde(default)]
    ratio_to: String,
    rows: Vec<Row>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Row {
    /// The row's name in `{{#value}}`.
    key: String,
    /// The row's name for readers.
    label: String,
    median: f64,
    /// The smallest and the largest value that was seen.
    spread: Option<[f64; 2]>,
    ratio: Option<f64>,
}

impl Record {
    /// Reads the record `CHAPTER/NAME`.
    ///
    /// # Errors
    ///
    /// No such record, or one that does not say all it has to say.
    pub fn read(root: &Path, name: &str) -> Result<Self, String> {
        let Some((chapter, record)) = name.split_once('/') else {
            return Err(format!("`{name}` is not CHAPTER/NAME"));
        };
        let path = format!("{chapter}/measurements/{record}.json");
        Record::parse(&read(root, &path)?)
            .map_err(|err| format!("{path}: {err}"))
    }

    /// Reads a record from its text.
    ///
    /// # Errors
    ///
    /// What is missing, unknown, or no measurement.
    pub fn parse(json: &str) -> Result<Self, String> {
        let record: Record =
            serde_json::from_str(json).map_err(|err| err.to_string())?;
        record.check()?;
        Ok(record)
    }

    fn check(&self) -> Result<(), String> {
        let is_day = |(i, c): (usize, char)| match i {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        };
        if self.date.len() != 10 || !self.date.chars().enumerate().all(is_day) {
            return Err(format!("date `{}` is not a YYYY-MM-DD", self.date));
        }
        if self.rows.is_empty() {
            return Err("there are no rows".to_string());
        }
        for (i, row) in self.rows.iter().enumerate() {
            let Row { key, median, .. } = row;
            if key.is_empty() || key.contains(['.', ' ']) {
                return Err(format!("key `{key}` is not one word, no dots"));
            }
            if self.rows[..i].iter().any(|other| other.key == *key) {
                return Err(format!("two rows have the key `{key}`"));
            }
            if *median < 0.0 {
                return Err(format!("{key}: a median of {median}"));
            }
            if let Some([low, high]) = row.spread
                && !(0.0 <= low && low <= *median && *median <= high)
            {
                return Err(format!(
                    "{key}: {median} is not between {low} and {high}"
                ));
            }
            if row.ratio.is_some() && self.ratio_to.is_empty() {
                return Err(format!("{key} has a ratio, to what? `ratio_to`"));
            }
        }
        Ok(())
    }

    /// Returns one figure of the record for a sentence: of `KEY.median` the
    /// number with its unit, of `KEY.ratio` the number with a `×`.
    ///
    /// # Errors
    ///
    /// No such row, or it has no such figure.
    pub fn value(&self, address: &str) -> Result<String, String> {
        let (key, field) = address.split_once('.').unwrap_or((address, ""));
        let Some(row) = self.rows.iter().find(|row| row.key == key) else {
            let near = did_you_mean(key, self.rows.iter().map(|r| &*r.key));
            return Err(format!("no row `{key}`{near}"));
        };
        match (field, row.ratio) {
            ("median", _) => Ok(self.quantity(row.median)),
            ("ratio", Some(ratio)) => Ok(format!("{}\u{a0}×", short(ratio))),
            ("ratio", None) => Err(format!("row `{key}` has no ratio")),
            _ => Err(format!("`{address}` is not KEY.median or KEY.ratio")),
        }
    }

    fn quantity(&self, value: f64) -> String {
        format!("{}\u{a0}{}", short(value), self.unit)
    }

    /// Returns chart, table and provenance.
    pub fn figure(&self) -> String {
        format!(
            "<figure class=\"measured\">{}{}{}<figcaption>{} \
             <span class=\"when\">Measured on {}, {}.</span></figcaption>\
             </figure>",
            command(&self.command),
            self.chart(),
            self.table(),
            sentence(&format!("{}.", self.what.trim_end_matches('.'))),
            escape(&self.date),
            escape(&self.machine),
        )
    }

    /// Draws a bar for each row, with a line over it from the smallest to the
    /// largest value.
    ///
    /// Widths are in per cent and heights in pixels, so that the letters stay
    /// as tall as they are on a narrow page. The numbers are in the table.
    fn chart(&self) -> String {
        let top = |row: &Row| row.spread.map_or(row.median, |[_, high]| high);
        let widest = self.rows.iter().map(top).fold(0.0, f64::max);
        let percent = |value: f64| match widest {
            0.0 => 0.0,
            widest => value / widest * 100.0,
        };
        let mut svg = String::new();
        for (i, row) in self.rows.iter().enumerate() {
            let y = i * 46;
            svg += &format!(
                "<text x=\"0\" y=\"{}\">{}</text>\
                 <text x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>\
                 <rect class=\"bar\" x=\"0\" y=\"{}\" width=\"{:.2}%\" \
                 height=\"14\" rx=\"2\"></rect>",
                y + 15,
                escape(&row.label),
                y + 15,
                escape(&self.quantity(row.median)),
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
            self.rows.len() * 46,
        )
    }

    fn table(&self) -> String {
        let spread = self.rows.iter().any(|row| row.spread.is_some());
        let ratio = self.rows.iter().any(|row| row.ratio.is_some());
        let mut html = String::from("<table><thead><tr><th></th>");
        let unit = escape(&self.unit);
        html += &format!("<th>median, {unit}</th>");
        if spread {
            html += &format!("<th>lowest to highest, {unit}</th>");
        }
        if ratio {
            html += &format!("<th>times {}</th>", escape(&self.ratio_to));
        }
        html += "</tr></thead><tbody>";
        for row in &self.rows {
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
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i > 0 && (text.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
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

    fn refused(from: &str, to: &str) -> String {
        assert!(RECORD.contains(from));
        Record::parse(&RECORD.replace(from, to)).unwrap_err()
    }

    #[test]
    fn a_figure_is_quoted_by_its_row_and_name() {
        let record = Record::parse(RECORD).unwrap();
        let value = |address| record.value(address);
        assert_eq!(value("async-100.median").unwrap(), "0.560\u{a0}s");
        assert_eq!(value("async-100.ratio").unwrap(), "1.12\u{a0}×");
        assert_eq!(
            value("ideal.ratio").unwrap_err(),
            "row `ideal` has no ratio"
        );
        assert_eq!(
            value("async-10.median").unwrap_err(),
            "no row `async-10`; did you mean `async-100`?"
        );
    }

    #[test]
    fn a_record_without_its_machine_is_refused() {
        assert!(
            refused("machine", "macine").contains("unknown field `macine`")
        );
    }

    #[test]
    fn numbers_that_cannot_be_measurements_are_refused() {
        assert!(refused("[0.54, 0.6]", "[0.57, 0.6]").contains("not between"));
        assert!(refused("2026-11-22", "today").contains("YYYY-MM-DD"));
        assert!(refused("\"async-100\"", "\"ideal\"").contains("two rows"));
        assert!(
            refused("\"ratio_to\": \"the ideal\",", "").contains("to what")
        );
    }

    #[test]
    fn the_chart_has_its_numbers_in_a_table() {
        let figure = Record::parse(RECORD).unwrap().figure();
        assert!(figure.contains("<td>0.540 to 0.600</td>"), "{figure}");
        assert!(figure.contains("async &lt;100&gt;"));
        assert!(!figure.contains('\n'));
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
