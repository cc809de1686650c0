//! Two letters that name a country, and which of them are wanted.

use std::fmt::{self, Write};
use std::str::FromStr;

/// The members of the United Nations and Vatican City, 194 in all: code, tab,
/// name.
const COUNTRIES: &str = include_str!("countries.tsv");

/// Twenty of the most populous countries; the set of *Fluent Python*.
const POPULOUS: &str =
    "BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN";

/// Two letters A-Z; not every such pair is a country's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 2]);

impl Code {
    /// Returns the code in the lower case that a server's paths have.
    pub fn lower(self) -> String {
        self.to_string().to_ascii_lowercase()
    }

    /// Returns the country's name, if there is such a country.
    pub fn country(self) -> Option<&'static str> {
        countries()
            .find(|&(code, _)| code == self)
            .map(|(_, name)| name)
    }

    /// Returns a number of this code, for seeding what depends on it.
    pub fn number(self) -> u64 {
        u64::from(self.0[0]) * 256 + u64::from(self.0[1])
    }
}

impl FromStr for Code {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Code([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err("a country code has two letters, A-Z".to_string()),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_char(self.0[0].into())?;
        f.write_char(self.0[1].into())
    }
}

/// What a word of the command line stands for: one code, or, if it is a single
/// letter, the 26 codes that start with it.
#[derive(Clone, Debug)]
pub struct Wanted(pub Vec<Code>);

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            [letter] if letter.is_ascii_alphabetic() => {
                Ok(Wanted(starting_with(letter.to_ascii_uppercase()).collect()))
            }
            _ => text.parse().map(|code| Wanted(vec![code])),
        }
    }
}

/// Returns the countries with their codes, in the order of the codes.
pub fn countries() -> impl Iterator<Item = (Code, &'static str)> {
    COUNTRIES.lines().filter_map(|line| {
        let (code, name) = line.split_once('\t')?;
        Some((code.parse().ok()?, name))
    })
}

/// Returns the twenty codes that are downloaded when the command line names none.
pub fn populous() -> impl Iterator<Item = Code> {
    POPULOUS.split(' ').filter_map(|code| code.parse().ok())
}

/// Returns all 676 codes, AA to ZZ.
pub fn every() -> impl Iterator<Item = Code> {
    (b'A'..=b'Z').flat_map(starting_with)
}

fn starting_with(letter: u8) -> impl Iterator<Item = Code> {
    (b'A'..=b'Z').map(move |second| Code([letter, second]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_194_countries_in_order_and_17_begin_with_b() {
        let codes: Vec<Code> = countries().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), 194);
        assert_eq!(COUNTRIES.lines().count(), 194);
        assert!(codes.is_sorted_by(|a, b| a < b));
        let b = codes.iter().filter(|c| c.to_string().starts_with('B'));
        assert_eq!(b.count(), 17);
    }

    #[test]
    fn the_twenty_are_countries() {
        assert_eq!(populous().filter_map(Code::country).count(), 20);
    }

    #[test]
    fn a_word_is_a_code_or_a_letter() {
        assert_eq!("br".parse::<Wanted>().unwrap().0.len(), 1);
        assert_eq!("b".parse::<Wanted>().unwrap().0.len(), 26);
        for bad in ["", "../x", "a/b", "C:", "NUL", "B1", "é", "ßß"] {
            assert!(bad.parse::<Wanted>().is_err(), "{bad}");
        }
        assert_eq!(every().count(), 676);
    }
}
