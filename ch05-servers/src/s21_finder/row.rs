//! How a character is shown to a person: code, picture, name.

use std::fmt::{self, Display, Formatter};

use super::Character;

impl Character {
    /// Returns the code point: `U+0041`.
    pub fn code(&self) -> impl Display + use<> {
        Code(self.char)
    }

    /// Returns what can be shown of the character without harm.
    ///
    /// That is nothing for spaces, controls, and the invisible characters that
    /// turn the direction of text. One that combines with the character before
    /// it gets a circle to combine with.
    pub fn picture(&self) -> impl Display + use<> {
        Picture(self.char)
    }
}

impl Display for Character {
    /// Writes the three, separated by tabs, without an end of line.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}", self.code(), self.picture(), self.name)
    }
}

struct Code(char);

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}", u32::from(self.0))
    }
}

struct Picture(char);

impl Display for Picture {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            ' ' => Ok(()),
            // These are escaped in source code only.
            '"' | '\'' | '\\' => write!(f, "{}", self.0),
            c if !is_escaped(c.escape_debug()) => write!(f, "{c}"),
            c => {
                // The standard library's tables say what cannot be printed by
                // escaping it, and escape what combines if it comes first.
                let carried = ['◌', c].iter().collect::<String>();
                match is_escaped(carried.escape_debug()) {
                    true => Ok(()),
                    false => f.write_str(&carried),
                }
            }
        }
    }
}

fn is_escaped(mut text: impl Iterator<Item = char>) -> bool {
    text.any(|c| c == '\\')
}
