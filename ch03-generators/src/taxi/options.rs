//! The options of the `taxi` section.

use std::time::Duration;

use clap::Parser;
use clap::builder::{RangedU64ValueParser, TypedValueParser};

/// More taxis only make longer lines: each has its own column.
const TAXIS: u64 = 1_000;

/// A simulation of taxis, in which time jumps to the next event
#[derive(Debug, Parser, PartialEq)]
pub struct Options {
    /// Stop at the first event at or after this minute
    #[arg(long, value_name = "MINUTE", default_value_t = 180)]
    #[arg(allow_negative_numbers = true)]
    pub end: u64,
    /// How many taxis there are, at most 1000
    #[arg(long, value_name = "N", default_value_t = 3)]
    #[arg(value_parser = taxis(), allow_negative_numbers = true)]
    pub taxis: usize,
    /// Which random numbers, the same ones as in Python
    #[arg(long, value_name = "N", default_value_t = 3)]
    #[arg(allow_negative_numbers = true)]
    pub seed: i64,
    /// How long a simulated minute takes on the clock on the wall
    #[arg(long, value_name = "SECONDS", default_value = "0")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    pub minute: Duration,
}

fn taxis() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::new().range(0..=TAXIS)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "not a number of seconds")?;
    // It refuses what is negative, infinite, or not a number.
    Duration::try_from_secs_f64(seconds).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Options, String> {
        let words = ["taxi"].into_iter().chain(words.split_whitespace());
        Options::try_parse_from(words).map_err(|error| error.to_string())
    }

    #[test]
    fn every_option_has_a_default_and_takes_a_value() {
        assert_eq!(parse("").unwrap().end, 180);
        let given = "--end 60 --taxis=0 --seed -7 --minute 0.5";
        let minute = Duration::from_millis(500);
        let options = Options {
            end: 60,
            taxis: 0,
            seed: -7,
            minute,
        };
        assert_eq!(parse(given), Ok(options));
        assert_eq!(parse(&format!("--end {}", u64::MAX)).unwrap().end, !0);
    }

    #[test]
    fn a_wrong_value_is_refused_by_name() {
        let thirty_digits = "9".repeat(30);
        for (name, wrong) in [
            ("--end", "-1"),
            ("--end", "NaN"),
            ("--end", "60.5"),
            ("--end", &thirty_digits),
            ("--taxis", "-1"),
            ("--taxis", "1001"),
            ("--taxis", &thirty_digits),
            ("--seed", "ten"),
            ("--seed", &thirty_digits),
            ("--minute", "NaN"),
            ("--minute", "-1"),
            ("--minute", "inf"),
            ("--minute", "1e300"),
        ] {
            let error = parse(&format!("{name} {wrong}")).unwrap_err();
            assert!(error.contains(name), "{name} {wrong}: {error}");
        }
        assert!(parse("--taxi 3").unwrap_err().contains("--taxi"));
        assert!(parse("--end").unwrap_err().contains("--end"));
        assert!(parse("three").unwrap_err().contains("three"));
    }
}
