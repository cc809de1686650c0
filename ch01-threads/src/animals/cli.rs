//! The command line of the sections with animals: how slow they are.

use std::time::Duration;

use clap::Parser;
use tour::{Ending, Program, with_options};

use super::Pace;

/// How slow the API is, and the typing
#[derive(Parser)]
#[command(about = None, long_about = None)]
pub struct PaceOptions {
    /// How many seconds late the API answers [default: 0.2]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    #[arg(allow_negative_numbers = true)]
    delay: Option<Duration>,
    /// How many seconds a letter takes [default: 0.004]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    #[arg(allow_negative_numbers = true)]
    typing: Option<Duration>,
}

impl PaceOptions {
    /// Returns the pace that was asked for.
    pub fn pace(&self) -> Pace {
        let Pace { delay, typing } = Pace::default();
        Pace {
            delay: self.delay.unwrap_or(delay),
            typing: self.typing.unwrap_or(typing),
        }
    }
}

/// Runs a section at the pace that its options ask for.
pub fn paced<R: Ending + 'static>(demo: fn(Pace) -> R) -> Program {
    with_options(move |options: PaceOptions| demo(options.pace()))
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let time = text.parse().ok();
    time.and_then(|time| Duration::try_from_secs_f64(time).ok())
        .filter(|time| *time <= Duration::from_secs(50))
        .ok_or("not a time from 0 to 50 s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_none_is_refused_with_its_option() {
        for wrong in ["-1", "NaN", "inf", "51", "1e300", "soon", ""] {
            for option in ["--delay", "--typing"] {
                let words = ["animals", option, wrong];
                let err = PaceOptions::try_parse_from(words).err().unwrap();
                assert!(err.to_string().contains(option), "{err}");
            }
        }
        let words = ["animals", "--typing=0", "--delay", "1.5"];
        let pace = PaceOptions::try_parse_from(words).unwrap().pace();
        assert_eq!(pace.delay, Duration::from_millis(1500));
        assert_eq!(pace.typing, Duration::ZERO);
    }
}
