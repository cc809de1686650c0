//! The values of a section's options, read so that an error names its option.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use lexopt::{Arg, Error, Parser};

/// Returns whether the option `name`, without its dashes, is there. It is the
/// only one, and has no value.
///
/// # Errors
///
/// Anything else is there; it is named.
pub fn flag(mut parser: Parser, name: &str) -> Result<bool, Error> {
    let mut given = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long(long) if long == name => given = true,
            _ => return Err(arg.unexpected()),
        }
    }
    Ok(given)
}

/// Reads the value of the option `name`, which the parser has just met.
///
/// # Errors
///
/// There is no value, or it is not one of `T`.
pub fn value<T>(parser: &mut Parser, name: &str) -> Result<T, Error>
where
    T: FromStr<Err: Display>,
{
    let value = parser.value()?;
    let value = value.to_string_lossy();
    value
        .parse()
        .map_err(|why| Error::from(format!("`{name} {value}`: {why}")))
}

/// Reads the value of the option `name`, a number in `range`.
///
/// # Errors
///
/// There is no value, it is no number, or one outside of `range`.
pub fn number<T>(
    parser: &mut Parser,
    name: &str,
    range: RangeInclusive<T>,
) -> Result<T, Error>
where
    T: FromStr<Err: Display> + PartialOrd + Display,
{
    let number = value(parser, name)?;
    if range.contains(&number) {
        return Ok(number);
    }
    let (from, to) = range.into_inner();
    Err(Error::from(format!(
        "`{name} {number}`: not between {from} and {to}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_stands_alone() {
        let given = |words: &[&str]| flag(Parser::from_args(words), "loud");
        assert!(!given(&[]).unwrap());
        assert!(given(&["--loud"]).unwrap());
        for wrong in ["--lou", "-l", "loud", "--loud=1"] {
            let error = given(&[wrong]).unwrap_err().to_string();
            let name = wrong.trim_end_matches("=1");
            assert!(error.contains(name), "{error}");
        }
    }

    fn percent(words: &[&str]) -> Result<u8, String> {
        let mut parser = Parser::from_args(words);
        assert!(parser.next().unwrap().is_some());
        number(&mut parser, "--percent", 0..=100).map_err(|e| e.to_string())
    }

    #[test]
    fn an_error_names_the_option() {
        assert_eq!(percent(&["--percent", "7"]), Ok(7));
        for wrong in ["101", "256", "-1", "many", "NaN", ""] {
            let error = percent(&["--percent", wrong]).unwrap_err();
            assert!(error.contains("--percent"), "{error}");
        }
        assert!(percent(&["--percent"]).unwrap_err().contains("--percent"));
    }
}
