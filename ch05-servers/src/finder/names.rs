//! The name of each character, by the table or by a rule.

use std::fmt::{self, Display, Formatter};

use unicode_names2::Name;

/// Tangut ideographs, whose names the table leaves to rule NR2: a prefix and
/// the code point. It does contain the other names that follow a rule, those
/// of CJK unified ideographs (NR2) and of Hangul syllables (NR1).
///
/// Source: The Unicode Standard 17.0, table 4-8, and `UnicodeData.txt`.
const TANGUT: [(char, char); 2] =
    [('\u{17000}', '\u{187ff}'), ('\u{18d00}', '\u{18d1e}')];

/// A character's name, to be printed.
pub struct CharName(Inner);

enum Inner {
    Table(Name),
    Tangut(char),
}

/// Returns the name of a character, if it has one.
pub fn name(char: char) -> Option<CharName> {
    let is_tangut = TANGUT
        .iter()
        .any(|(first, last)| (first..=last).contains(&&char));
    match is_tangut {
        true => Some(Inner::Tangut(char)),
        false => unicode_names2::name(char).map(Inner::Table),
    }
    .map(CharName)
}

impl Display for CharName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Table(name) => name.fmt(f),
            Inner::Tangut(char) => {
                write!(f, "TANGUT IDEOGRAPH-{:X}", u32::from(*char))
            }
        }
    }
}
