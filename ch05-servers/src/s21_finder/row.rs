//! How a character is shown to a person: code, picture, name.

use std::fmt::{self, Display, Formatter, Write};

use super::Character;

impl Character {
    /// Returns the code point: `U+0041`.
    pub fn code(&self) -> impl Display + use<> {
        Code(self.char)
    }

    /// Returns what can be shown of the character without harm: nothing for
    /// spaces, controls, and what turns the direction of text.
    pub fn picture(&self) -> impl Display + use<> {
        Picture(self.char, self.shown)
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

/// How a character can be shown. Asking the tables takes longer than writing
/// the answer, so each character is asked about once, for the index.
#[derive(Clone, Copy)]
pub(super) enum Shown {
    AsItIs,
    /// It combines with the character before it: so it gets one.
    OnACircle,
    /// It is a space, a control, or turns the direction of text.
    Not,
}

impl Shown {
    /// Asks the standard library, whose tables say what cannot be printed by
    /// escaping it, and which escapes what combines if it comes first.
    pub(super) fn of(c: char) -> Shown {
        match c {
            ' ' => Shown::Not,
            // These are escaped in source code only.
            '"' | '\'' | '\\' => Shown::AsItIs,
            c if !is_escaped(c.escape_debug()) => Shown::AsItIs,
            c => {
                let carried = String::from_iter(['◌', c]);
                match is_escaped(carried.escape_debug()) {
                    true => Shown::Not,
                    false => Shown::OnACircle,
                }
            }
        }
    }
}

struct Picture(char, Shown);

impl Display for Picture {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.1 {
            Shown::AsItIs => f.write_char(self.0),
            Shown::OnACircle => write!(f, "◌{}", self.0),
            Shown::Not => Ok(()),
        }
    }
}

fn is_escaped(mut text: impl Iterator<Item = char>) -> bool {
    text.any(|c| c == '\\')
}
