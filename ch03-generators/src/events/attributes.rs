//! Names, attributes and entities: what is inside of a tag, and of a text.

use std::collections::HashSet;

/// How far into the text the fault is, and what it is.
pub type Fault = (usize, &'static str);

pub const BAD_ENTITY: &str = "a bad entity";

/// The white space of XML, which is less than Unicode's.
pub const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Reads attributes: nothing, or white space before each.
///
/// # Errors
///
/// What is wrong with one.
pub fn of(rest: &str) -> Result<Vec<(String, String)>, &'static str> {
    const BAD: &str = "a bad attribute";
    let (mut pairs, mut rest) = (Vec::new(), rest);
    loop {
        let trimmed = rest.trim_start_matches(SPACE);
        if trimmed.is_empty() {
            break;
        }
        if trimmed.len() == rest.len() {
            return Err(BAD);
        }
        let (key, value) = trimmed.split_once('=').ok_or(BAD)?;
        let value = value.trim_start_matches(SPACE);
        let quote = ['"', '\''].into_iter().find(|q| value.starts_with(*q));
        let quote = quote.ok_or(BAD)?;
        let (value, after) = value[1..].split_once(quote).ok_or(BAD)?;
        if value.contains('<') {
            return Err(BAD);
        }
        let value = normalised(value).map_err(|(_, what)| what)?;
        pairs.push((name_of(key.trim_end_matches(SPACE))?, value));
        rest = after;
    }
    let mut names = HashSet::new();
    if pairs.iter().all(|(name, _)| names.insert(name.as_str())) {
        Ok(pairs)
    } else {
        Err("an attribute twice")
    }
}

/// Makes the value of an attribute: each white space in it is a blank, unless
/// it stands there as a number.
fn normalised(value: &str) -> Result<String, Fault> {
    if value.contains(['\t', '\r', '\n']) {
        let blanks = value.replace("\r\n", " ");
        unescape(&blanks.replace(['\t', '\r', '\n'], " "))
    } else {
        unescape(value)
    }
}

/// Returns the name, if it is one by the fifth edition of XML 1.0.
///
/// # Errors
///
/// It is none.
pub fn name_of(name: &str) -> Result<String, &'static str> {
    if name.starts_with(starts_name) && name.chars().all(continues_name) {
        Ok(name.to_string())
    } else {
        Err("a bad name")
    }
}

fn starts_name(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}'
        | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}'
            | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Returns whether a document may contain this letter.
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Resolves entities.
///
/// # Errors
///
/// One that is none, or is not known.
pub fn unescape(text: &str) -> Result<String, Fault> {
    let (mut clear, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('&') {
        clear.push_str(before);
        let fault = (text.len() - after.len() - 1, BAD_ENTITY);
        let (name, after) = after.split_once(';').ok_or(fault)?;
        clear.push(entity(name).ok_or(fault)?);
        rest = after;
    }
    clear.push_str(rest);
    Ok(clear)
}

/// Returns whether an entity may begin so: what follows may complete it.
pub fn may_be_entity(start: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    match start.strip_prefix('#') {
        None => {
            let names = ["amp", "lt", "gt", "quot", "apos"];
            names.iter().any(|name| name.starts_with(start))
        }
        Some(number) => match number.strip_prefix('x') {
            Some(hex) => hex.chars().all(|c| c.is_ascii_hexdigit()),
            None => number.chars().all(is_digit),
        },
    }
}

fn entity(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return Some(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => return None,
        });
    };
    let (digits, base) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    // Rust's own parser would take a sign as well.
    if !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    let number = u32::from_str_radix(digits, base).ok()?;
    char::from_u32(number).filter(|c| is_allowed(*c))
}
