//! An inverted index answers by intersecting, without looking at what it has.
//!
//! It is built once: for each word of a name, the characters that have it. A
//! query then looks at the characters of its rarest word, and at no others.
//!
//! cargo run -p ch05-servers -- finder
//! cargo run -p ch05-servers -- finder cat smiling

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use serde_json::value::RawValue;

pub mod demo;
pub mod names;
pub mod program;
pub mod row;
pub mod shared;

/// The version of the table that the names come from.
pub const UNICODE: &str = "17.0";

/// Which characters have which words in their names.
pub struct Index {
    /// In the order of their code points.
    characters: Vec<Character>,
    /// For each word, the places in `characters` of those that have it,
    /// ascending and each once: so two lists can be intersected in order.
    places: HashMap<String, Vec<u32>>,
}

/// A character that has a name.
pub struct Character {
    /// The character.
    pub char: char,
    /// Its code, its picture and its name, as they are shown.
    row: Box<str>,
    /// Where in `row` its picture begins, and where its name.
    picture: u8,
    name: u8,
    /// The same in JSON, once a query has found it.
    pub(crate) json: OnceLock<Box<RawValue>>,
}

/// The characters that a query found, in the order of their code points.
pub struct Found<'a> {
    characters: &'a [Character],
    places: Cow<'a, [u32]>,
}

impl Index {
    /// Indexes all characters that have a name.
    pub fn new() -> Index {
        Index::of('\0'..=char::MAX)
    }

    /// Indexes those among `chars` that have a name; to be sent ascending.
    pub fn of(chars: impl Iterator<Item = char>) -> Index {
        let mut characters = Vec::new();
        let mut places = HashMap::<String, Vec<u32>>::new();
        for char in chars {
            let Some(name) = names::name(char) else {
                continue;
            };
            let character = Character::new(char, name);
            let place = characters.len() as u32;
            for word in split(character.name()) {
                // Most words are there already, and need no copy.
                let list = match places.get_mut(word) {
                    Some(list) => list,
                    None => places.entry(word.to_string()).or_default(),
                };
                // BUFFALO BUFFALO would be one character twice.
                if list.last() != Some(&place) {
                    list.push(place);
                }
            }
            characters.push(character);
        }
        Index { characters, places }
    }

    /// Finds the characters that have all words of `query` in their names.
    ///
    /// Finds none for a query without words.
    ///
    /// Source: *Fluent Python*, 2nd ed., ch. 21, `charindex.py`.
    pub fn find(&self, query: &str) -> Found<'_> {
        Found {
            characters: &self.characters,
            places: self.intersect(query).unwrap_or_default(),
        }
    }

    fn intersect(&self, query: &str) -> Option<Cow<'_, [u32]>> {
        let mut lists = Vec::new();
        for word in words(query) {
            // If no character has one of the words, there is no result.
            lists.push(self.places.get(&word)?);
        }
        // The rarest word first: no later list can add anything to it.
        lists.sort_by_key(|list| list.len());
        let (first, others) = lists.split_first()?;
        if others.is_empty() {
            return Some(Cow::Borrowed(first));
        }
        let in_all = |place: &&u32| {
            others.iter().all(|list| list.binary_search(place).is_ok())
        };
        Some(Cow::Owned(first.iter().filter(in_all).copied().collect()))
    }

    /// Returns the `n` words that most characters have, with their counts.
    pub fn top_words(&self, n: usize) -> Vec<(&str, usize)> {
        let counts = self.places.iter();
        let mut counts: Vec<(&str, usize)> =
            counts.map(|(word, list)| (&**word, list.len())).collect();
        counts.sort_by_key(|&(word, count)| (usize::MAX - count, word));
        counts.truncate(n);
        counts
    }

    /// Returns how many characters the index knows.
    pub fn len(&self) -> usize {
        self.characters.len()
    }

    /// Says whether the index knows no characters at all.
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }
}

impl Default for Index {
    fn default() -> Index {
        Index::new()
    }
}

impl<'a> Found<'a> {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Says whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Yields those of `range`, which may reach beyond the end.
    pub fn page(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = &'a Character> {
        let end = range.end.min(self.len());
        let places = &self.places[range.start.min(end)..end];
        let characters = self.characters;
        places.iter().map(|&place| &characters[place as usize])
    }

    /// Yields all.
    pub fn iter(&self) -> impl Iterator<Item = &'a Character> {
        self.page(0..self.len())
    }
}

/// Yields the words of a query, as names have them.
pub fn words(query: &str) -> impl Iterator<Item = String> {
    // Upper case first: `ẖ` becomes an H and a mark, which is no letter.
    let query = query.to_uppercase();
    let words: Vec<String> = split(&query).map(str::to_string).collect();
    words.into_iter()
}

/// Splits at all that is neither letter nor digit: spaces, hyphens, quotes, a
/// line end, a byte order mark, an escape.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests;
