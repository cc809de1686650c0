//! The values of a section's options, read so that an error names its option.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use lexopt::{Error, Parser};

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
