//! The options of the `taxi` section.

use std::time::Duration;

use lexopt::{Arg, Error, Parser};

use crate::options::{number, value};

/// What `--help` prints.
pub const HELP: &str = "\
Options:
  --end MINUTE      stop at the first event at or after this minute (180)
  --taxis N         how many taxis there are (3)
  --seed N          which random numbers, the same ones as in Python (3)
  --minute SECONDS  how long a simulated minute takes (0)";

/// More taxis only make longer lines: each has its own column.
const TAXIS: usize = 1_000;

/// What is simulated, and how fast.
#[derive(Debug, PartialEq)]
pub struct Options {
    /// The minute at which the simulation stops.
    pub end: u64,
    /// How many taxis there are.
    pub taxis: usize,
    /// Which random numbers.
    pub seed: i64,
    /// How long a simulated minute takes on the clock on the wall.
    pub minute: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            end: 180,
            taxis: 3,
            seed: 3,
            minute: Duration::ZERO,
        }
    }
}

impl Options {
    /// Reads the command line.
    ///
    /// # Errors
    ///
    /// An unknown option or a value that is none; it is named.
    pub fn parse(mut parser: Parser) -> Result<Self, Error> {
        let mut options = Options::default();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("end") => options.end = value(&mut parser, "--end")?,
                Arg::Long("taxis") => {
                    options.taxis = number(&mut parser, "--taxis", 0..=TAXIS)?;
                }
                Arg::Long("seed") => {
                    options.seed = value(&mut parser, "--seed")?;
                }
                Arg::Long("minute") => {
                    options.minute = seconds(value(&mut parser, "--minute")?)?;
                }
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(options)
    }
}

fn seconds(number: f64) -> Result<Duration, Error> {
    // It refuses what is negative, infinite, or not a number.
    Duration::try_from_secs_f64(number)
        .map_err(|why| Error::from(format!("`--minute {number}`: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Options, String> {
        Options::parse(Parser::from_args(words.split_whitespace()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn every_option_has_a_default_and_takes_a_value() {
        assert_eq!(parse(""), Ok(Options::default()));
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
