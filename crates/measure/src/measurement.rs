//! Rounds in turns, and the record that comes of them.

use std::time::{Duration, Instant};

use artifacts::measurement::{self, Record, rounded};
use artifacts::provenance::{machine, today};

/// Says whether to measure: `cargo bench` says so, `cargo test` does not.
pub fn is_wanted() -> bool {
    std::env::args().any(|arg| arg == "--bench")
}

/// Begins the [`Measurement`] of the bench that it stands in, in a unit. Only
/// in `s`, `ms`, `µs` and `ns` can it be told times.
#[macro_export]
macro_rules! bench {
    ($unit:expr) => {
        $crate::Measurement::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_CRATE_NAME"),
            $unit,
        )
    };
}

/// What has been measured so far.
pub struct Measurement {
    command: String,
    unit: &'static str,
    /// The rows, in the order in which they were first told of.
    pub rows: Vec<Row>,
    rounds: usize,
    ratio_to: String,
}

/// One bar of the chart: what was measured, in each round.
pub struct Row {
    /// The row's address in `{{#value}}`: one word, no dots.
    pub key: String,
    /// The row's name for readers.
    pub label: String,
    /// One value for each round.
    pub values: Vec<f64>,
    /// How many times what the record's ratios are to.
    pub ratio: Option<f64>,
}

impl Row {
    /// Returns the median of the ratios that this row and `base` have in each
    /// round: what disturbs a round disturbs both.
    pub fn ratio_to(&self, base: &Row) -> f64 {
        let pairs = self.values.iter().zip(&base.values);
        median(pairs.map(|(value, base)| value / base))
    }
}

impl Measurement {
    /// Begins a measurement; [`bench!`](crate::bench!) knows whose.
    pub fn new(package: &str, bench: &str, unit: &'static str) -> Measurement {
        Measurement {
            command: format!("cargo bench -p {package} --bench {bench}"),
            unit,
            rows: Vec::new(),
            rounds: 0,
            ratio_to: String::new(),
        }
    }

    /// Returns the numbers of so many rounds and says on stderr which it is at;
    /// of one round under `cargo test`.
    pub fn rounds(
        &mut self,
        rounds: usize,
    ) -> impl Iterator<Item = usize> + use<> {
        let rounds = if is_wanted() { rounds } else { 1 };
        self.rounds = rounds;
        (1..=rounds)
            .inspect(move |round| eprintln!("round {round} of {rounds}"))
    }

    /// Adds a round's value to the row `key`, and says it on stderr; the first
    /// makes the row.
    pub fn add(&mut self, key: &str, label: &str, value: f64) {
        eprintln!("    {label}: {} {}", rounded(value), self.unit);
        match self.rows.iter_mut().find(|row| row.key == key) {
            Some(row) => row.values.push(value),
            None => self.rows.push(Row {
                key: key.to_string(),
                label: label.to_string(),
                values: vec![value],
                ratio: None,
            }),
        }
    }

    /// Adds a round's time, in the measurement's unit.
    pub fn add_time(&mut self, key: &str, label: &str, time: Duration) {
        let units_a_second = match self.unit {
            "s" => 1.0,
            "ms" => 1e3,
            "µs" => 1e6,
            "ns" => 1e9,
            other => panic!("`{other}` is no unit of time"),
        };
        self.add(key, label, time.as_secs_f64() * units_a_second);
    }

    /// Does `work`, and adds the time that it took; returns what it returned.
    pub fn time<T>(
        &mut self,
        key: &str,
        label: &str,
        work: impl FnOnce() -> T,
    ) -> T {
        let start = Instant::now();
        let done = work();
        self.add_time(key, label, start.elapsed());
        done
    }

    /// Returns the row with this key, if anything was measured of it.
    pub fn row(&self, key: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == key)
    }

    /// Returns the median over the rounds of `key` to `base`.
    ///
    /// # Panics
    ///
    /// There is no such row.
    pub fn ratio(&self, key: &str, base: &str) -> f64 {
        let [key, base] = [key, base].map(|key| {
            let row = self.row(key);
            row.unwrap_or_else(|| panic!("there is no row `{key}`"))
        });
        key.ratio_to(base)
    }

    /// Compares all rows with the first, round by round, which readers know by
    /// the name `ratio_to`.
    pub fn compare_with_first(&mut self, ratio_to: &str) {
        self.compare(ratio_to, |_| 0);
    }

    /// Compares each row with another, round by round: `base_of` takes a row's
    /// index and returns that of the other.
    pub fn compare(
        &mut self,
        ratio_to: &str,
        base_of: impl Fn(usize) -> usize,
    ) {
        let ratios: Vec<f64> = self
            .rows
            .iter()
            .enumerate()
            .map(|(i, row)| row.ratio_to(&self.rows[base_of(i)]))
            .collect();
        self.set_ratios(ratio_to, ratios);
    }

    /// Gives each row its ratio, in their order.
    pub fn set_ratios(
        &mut self,
        ratio_to: &str,
        ratios: impl IntoIterator<Item = f64>,
    ) {
        self.ratio_to = ratio_to.to_string();
        for (row, ratio) in self.rows.iter_mut().zip(ratios) {
            row.ratio = Some(ratio);
        }
    }

    /// Prints the record to stdout; nothing under `cargo test`.
    ///
    /// What was done is said by `what`, to which the number of rounds is added.
    ///
    /// # Panics
    ///
    /// What was measured is no measurement.
    pub fn print(self, what: &str) {
        if is_wanted() {
            let record = self.into_record(what);
            let json = record.to_json().expect("this is a measurement");
            print!("{json}");
        }
    }

    fn into_record(self, what: &str) -> Record {
        let what = match self.rounds {
            0 | 1 => what.to_string(),
            rounds => format!("{what}; the median of {rounds} rounds"),
        };
        let row = |row: Row| {
            let values = row.values.iter().copied();
            let low = values.clone().fold(f64::INFINITY, f64::min);
            let high = values.clone().fold(0.0, f64::max);
            measurement::Row {
                key: row.key,
                label: row.label,
                median: rounded(median(values)),
                // One value has no spread.
                spread: (row.values.len() > 1)
                    .then(|| [low, high].map(rounded)),
                ratio: row.ratio.map(rounded),
            }
        };
        Record {
            what,
            command: self.command,
            date: today(),
            machine: machine(),
            unit: self.unit.to_string(),
            ratio_to: self.ratio_to,
            confidence: None,
            rows: self.rows.into_iter().map(row).collect(),
        }
    }
}

/// Returns the value in the middle, or halfway between the two.
///
/// # Panics
///
/// There are no values.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    (values[(n - 1) / 2] + values[n / 2]) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Measurement {
        let mut measured = Measurement::new("ch09", "walls", "ms");
        measured.rounds = 3;
        for (hand, wall) in [(1.0, 2.0), (3.0, 9.0), (2.0, 4.0)] {
            measured.add("hand", "by hand", hand);
            measured.add("wall", "the wall", wall);
        }
        measured
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let mut measured = measured();
        // The medians are 2 and 4; so are the ratios 2, 3 and 2.
        assert_eq!(measured.ratio("wall", "hand"), 2.0);
        measured.compare_with_first("by hand");
        let record = measured.into_record("walls");
        assert_eq!(record.row("wall").unwrap().ratio, Some(2.0));
        assert_eq!(record.row("hand").unwrap().ratio, Some(1.0));
        assert_eq!(record.ratio_to, "by hand");
    }

    #[test]
    fn a_record_has_medians_spreads_and_the_command() {
        let record = measured().into_record("walls");
        assert_eq!(record.command, "cargo bench -p ch09 --bench walls");
        assert_eq!(record.what, "walls; the median of 3 rounds");
        let wall = record.row("wall").unwrap();
        assert_eq!((wall.median, wall.spread), (4.0, Some([2.0, 9.0])));
        Record::parse(&record.to_json().unwrap()).unwrap();
    }

    #[test]
    fn a_time_is_added_in_the_unit() {
        let mut measured = Measurement::new("ch09", "walls", "µs");
        measured.add_time("a", "one", Duration::from_millis(3));
        assert_eq!(measured.rows[0].values, [3000.0]);
    }

    #[test]
    fn the_median_of_two_is_halfway() {
        assert_eq!(median([4.0, 1.0]), 2.5);
        assert_eq!(median([4.0, 1.0, 2.0]), 2.0);
    }
}
