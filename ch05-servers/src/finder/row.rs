//! How a character is shown to a person: code, picture, name.

use std::fmt::{self, Display, Formatter, Write};
use std::sync::OnceLock;

use super::Character;
use super::names::CharName;

impl Character {
    /// Writes down how a character is shown: once, not for each answer.
    pub(super) fn new(char: char, name: CharName) -> Character {
        let mut row = format!("U+{:04X}\t", u32::from(char));
        let picture = row.len() as u8;
        push_picture(&mut row, char);
        row.push('\t');
        let name_at = row.len() as u8;
        write!(row, "{name}").expect("a String takes all");
        Character {
            char,
            row: row.into_boxed_str(),
            picture,
            name: name_at,
            json: OnceLock::new(),
        }
    }

    /// Returns the code point: `U+0041`.
    pub fn code(&self) -> &str {
        &self.row[..usize::from(self.picture) - 1]
    }

    /// Returns what can be shown of the character without harm: nothing for
    /// spaces, controls, and what turns the direction of text.
    pub fn picture(&self) -> &str {
        &self.row[usize::from(self.picture)..usize::from(self.name) - 1]
    }

    /// Returns its name: upper case letters, digits, spaces and hyphens.
    pub fn name(&self) -> &str {
        &self.row[usize::from(self.name)..]
    }
}

impl Display for Character {
    /// Writes the three, separated by tabs, without an end of line.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.row)
    }
}

/// Asks the standard library, whose tables say what cannot be printed by
/// escaping it, and which escapes what combines if it comes first.
fn push_picture(row: &mut String, c: char) {
    match c {
        ' ' => {}
        // These are escaped in source code only.
        '"' | '\'' | '\\' => row.push(c),
        c if !is_escaped(c.escape_debug()) => row.push(c),
        c => {
            // What combines with the character before it gets a circle.
            let carried = String::from_iter(['◌', c]);
            if !is_escaped(carried.escape_debug()) {
                row.push_str(&carried);
            }
        }
    }
}

fn is_escaped(mut text: impl Iterator<Item = char>) -> bool {
    text.any(|c| c == '\\')
}
