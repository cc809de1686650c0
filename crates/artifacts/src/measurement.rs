//! A record: what was measured, when and where,
//! `CHAPTER/measurements/NAME.json`.
//!
//! ```json
//! {
//!   "what": "1,000 downloads with 50 ms delay; the median of 5 rounds",
//!   "command": "cargo bench -p ch04-async --bench downloads",
//!   "date": "2026-11-22",
//!   "machine": "AMD EPYC (x86_64), 2 cores, linux",
//!   "unit": "ms",
//!   "ratio_to": "the ideal",
//!   "rows": [
//!     { "key": "ideal", "label": "ideal", "median": 500.0 },
//!     { "key": "async-100", "label": "async, 100 at a time",
//!       "median": 560.0, "spread": [540.0, 600.0], "ratio": 1.12 }
//!   ]
//! }
//! ```
//!
//! It comes from one of two harnesses. A bench on `measure` prints it. Of a
//! bench on criterion, `cargo xtask bench` makes it from criterion's estimates
//! and from the [`Legend`] that stands beside the bench.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// What was measured, when and where.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What was done, and how often, without a full stop. `code` in backticks.
    pub what: String,
    /// What to type in the root of the workspace to measure again.
    pub command: String,
    /// The day, as `2026-11-22`.
    pub date: String,
    /// Processor, number of cores, operating system.
    pub machine: String,
    /// The unit of all medians and spreads: `s`, `ms`, `ns`, `B`, `MB`.
    pub unit: String,
    /// What the ratios are ratios to, for instance `the ideal`; empty if no row
    /// has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ratio_to: String,
    /// If it is there, each row's spread is a confidence interval of the median
    /// at this level, which is criterion's: `0.95`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// The bars of the chart, in the chart's order.
    pub rows: Vec<Row>,
}

/// One bar of the chart, and one line of its table.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The row's address in `{{#value}}`: one word, no dots.
    pub key: String,
    /// The row's name for readers.
    pub label: String,
    /// The median of what was measured.
    pub median: f64,
    /// The smallest and the largest value that was seen; with a record's
    /// [`confidence`](Record::confidence), the median's interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<[f64; 2]>,
    /// How many times [`ratio_to`](Record::ratio_to) it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
}

impl Record {
    /// Reads the record `CHAPTER/NAME`.
    ///
    /// # Errors
    ///
    /// No such record, or one that does not say all it has to say.
    pub fn read(root: &Path, name: &str) -> Result<Record> {
        let Some((chapter, record)) = name.split_once('/') else {
            bail!("`{name}` is not CHAPTER/NAME");
        };
        let path = format!("{chapter}/measurements/{record}.json");
        let text = fs::read_to_string(root.join(&path))
            .with_context(|| path.to_string())?;
        Record::parse(&text).with_context(|| path.to_string())
    }

    /// Reads a record from its text.
    ///
    /// # Errors
    ///
    /// What is missing, unknown, or no measurement.
    pub fn parse(json: &str) -> Result<Record> {
        let record: Record = serde_json::from_str(json)?;
        record.check()?;
        Ok(record)
    }

    /// Writes the record as text.
    ///
    /// # Errors
    ///
    /// The record would be refused by [`parse`](Record::parse).
    pub fn to_json(&self) -> Result<String> {
        self.check()?;
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Returns the row with this key.
    pub fn row(&self, key: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == key)
    }

    fn check(&self) -> Result<()> {
        let is_day = |(i, c): (usize, char)| match i {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        };
        if self.date.len() != 10 || !self.date.chars().enumerate().all(is_day) {
            bail!("date `{}` is not a YYYY-MM-DD", self.date);
        }
        if self
            .confidence
            .is_some_and(|level| level <= 0.0 || level >= 1.0)
        {
            bail!("confidence is not between 0 and 1");
        }
        if self.rows.is_empty() {
            bail!("there are no rows");
        }
        for (i, row) in self.rows.iter().enumerate() {
            let Row { key, median, .. } = row;
            if key.is_empty() || key.contains(['.', ' ']) {
                bail!("key `{key}` is not one word, no dots");
            }
            if self.rows[..i].iter().any(|other| other.key == *key) {
                bail!("two rows have the key `{key}`");
            }
            if !median.is_finite() || *median < 0.0 {
                bail!("{key}: a median of {median}");
            }
            if let Some([low, high]) = row.spread
                && !(0.0 <= low && low <= *median && *median <= high)
            {
                bail!("{key}: {median} is not between {low} and {high}");
            }
            if row.ratio.is_some() && self.ratio_to.is_empty() {
                bail!("{key} has a ratio, to what? `ratio_to`");
            }
        }
        Ok(())
    }
}

/// What criterion's estimates do not say of themselves, as TOML:
/// `CHAPTER/benches/NAME.toml`, beside the bench `NAME.rs`, whose one group has
/// the name `NAME`.
///
/// ```toml
/// what = "One of each"
/// unit = "ns"
/// rows = [
///     ["lock", "an uncontended lock"],
///     ["send", "a message to a thread that takes many"],
/// ]
/// ```
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Legend {
    /// As [`Record::what`].
    pub what: String,
    /// The record's unit, which is one of time.
    pub unit: TimeUnit,
    /// What the first row is called in [`Record::ratio_to`], if all rows are
    /// compared with the first.
    pub ratio_to: Option<String>,
    /// Key and label of each row, in the record's order. The key is the name of
    /// the function in criterion's group.
    pub rows: Vec<[String; 2]>,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Milliseconds,
    /// Microseconds.
    #[serde(rename = "µs")]
    Microseconds,
    /// Nanoseconds.
    #[serde(rename = "ns")]
    Nanoseconds,
}

impl TimeUnit {
    /// Returns what it is called in a record.
    pub fn symbol(self) -> &'static str {
        match self {
            TimeUnit::Seconds => "s",
            TimeUnit::Milliseconds => "ms",
            TimeUnit::Microseconds => "µs",
            TimeUnit::Nanoseconds => "ns",
        }
    }

    /// Returns how many nanoseconds it has.
    pub fn nanoseconds(self) -> f64 {
        match self {
            TimeUnit::Seconds => 1e9,
            TimeUnit::Milliseconds => 1e6,
            TimeUnit::Microseconds => 1e3,
            TimeUnit::Nanoseconds => 1.0,
        }
    }
}

/// Rounds a figure to five digits that count: more were never measured.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.4e}").parse().unwrap_or(value)
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
        let refused = Record::parse(&RECORD.replace(from, to));
        refused.unwrap_err().to_string()
    }

    #[test]
    fn a_record_survives_being_written_and_read() {
        let record = Record::parse(RECORD).unwrap();
        let again = Record::parse(&record.to_json().unwrap()).unwrap();
        assert_eq!(again.row("async-100").unwrap().ratio, Some(1.12));
        assert_eq!(again.row("ideal").unwrap().spread, None);
        assert!(!record.to_json().unwrap().contains("confidence"));
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
        assert!(refused("0.5}", "-0.5}").contains("a median of -0.5"));
        assert!(refused("2026-11-22", "today").contains("YYYY-MM-DD"));
        assert!(refused("\"async-100\"", "\"ideal\"").contains("two rows"));
        assert!(
            refused("\"ratio_to\": \"the ideal\",", "").contains("to what")
        );
        let level = "\"confidence\": 95, \"unit\"";
        assert!(refused("\"unit\"", level).contains("between 0 and 1"));
    }

    #[test]
    fn a_legend_has_a_unit_of_time() {
        let legend = |unit: &str| {
            toml::from_str::<Legend>(&format!(
                "what = 'a'\nunit = '{unit}'\nrows = [['a', 'one']]"
            ))
        };
        let known = legend("µs").unwrap();
        assert_eq!(known.unit, TimeUnit::Microseconds);
        assert_eq!(known.rows[0], ["a", "one"]);
        assert!(legend("us").is_err());
    }

    #[test]
    fn five_digits_count() {
        assert_eq!(rounded(66_293.829_4), 66_294.0);
        assert_eq!(rounded(0.123_456), 0.123_46);
        assert_eq!(rounded(0.0), 0.0);
    }
}
