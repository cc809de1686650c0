//! Takes one piece of XML off the front of some bytes.
//!
//! Knows tags, attributes, text, the five named entities and the numbered ones,
//! comments, CDATA and processing instructions. Refuses declarations: a document
//! type can define entities that unfold to gigabytes.

use std::str::from_utf8;

use super::event::Event;

/// What stood at the front.
pub enum Token {
    /// A tag or a text.
    Event(Event),
    /// `<name/>`: a start that is its own end.
    Empty(String, Vec<(String, String)>),
    /// A comment or an instruction.
    Nothing,
}

/// How far into the bytes the fault is, and what it is.
pub type Fault = (usize, &'static str);

/// A tag without an end would otherwise be kept for ever.
const LONGEST_MARKUP: usize = 1 << 16;
const LONGEST_ENTITY: usize = 12;

const SPANS: [(&[u8], &[u8]); 3] =
    [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];

/// Returns the token at the front of `rest` and its length, or `None` if more
/// bytes are needed to tell; after the `last` ones there are no more.
///
/// # Errors
///
/// What is not XML, or not supported.
pub fn token(rest: &[u8], last: bool) -> Result<Option<(Token, usize)>, Fault> {
    match rest {
        [] => Ok(None),
        [b'<', ..] => markup(rest, last),
        _ => text(rest, last),
    }
}

fn markup(rest: &[u8], last: bool) -> Result<Option<(Token, usize)>, Fault> {
    for (open, close) in SPANS {
        if let Some(after) = rest.strip_prefix(open) {
            let Some(length) = find(after, close) else {
                return unfinished(rest, last);
            };
            let whole = open.len() + length + close.len();
            let token = if open == b"<![CDATA[" {
                let inside = utf8(&after[..length], open.len())?;
                Token::Event(Event::Text(inside.to_string()))
            } else {
                Token::Nothing
            };
            return Ok(Some((token, whole)));
        }
        if open.starts_with(rest) {
            return unfinished(rest, last);
        }
    }
    if rest.starts_with(b"<!") {
        return Err((0, "declarations are not supported"));
    }
    let Some(end) = tag_end(rest) else {
        return unfinished(rest, last);
    };
    let token = tag(utf8(&rest[1..end], 1)?).map_err(|what| (0, what))?;
    Ok(Some((token, end + 1)))
}

fn unfinished<T>(rest: &[u8], last: bool) -> Result<Option<T>, Fault> {
    match (last, rest.len() > LONGEST_MARKUP) {
        (true, _) => Err((rest.len(), "unexpected end")),
        (_, true) => Err((0, "markup without an end")),
        _ => Ok(None),
    }
}

fn text(rest: &[u8], last: bool) -> Result<Option<(Token, usize)>, Fault> {
    let end = rest.iter().position(|byte| *byte == b'<');
    let length = match end {
        Some(end) => end,
        None if last => rest.len(),
        None => uncut(rest),
    };
    if length == 0 {
        // Half an entity or half a letter. A whole one is short.
        let waits = rest.len() <= LONGEST_ENTITY;
        return if waits {
            Ok(None)
        } else {
            Err((0, BAD_ENTITY))
        };
    }
    let text = unescape(utf8(&rest[..length], 0)?)?;
    Ok(Some((Token::Event(Event::Text(text)), length)))
}

/// Returns how much of a text can be used if more of it may follow.
fn uncut(text: &[u8]) -> usize {
    let entity = text.iter().rposition(|byte| *byte == b'&');
    let whole = match entity {
        Some(at) if !text[at..].contains(&b';') => at,
        _ => text.len(),
    };
    match from_utf8(&text[..whole]) {
        Ok(_) => whole,
        Err(error) if error.error_len().is_some() => whole,
        Err(error) => error.valid_up_to(),
    }
}

fn tag_end(rest: &[u8]) -> Option<usize> {
    let mut quote = None;
    rest.iter().position(|byte| match quote {
        None if matches!(byte, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        None => *byte == b'>',
        Some(open) => {
            quote = (*byte != open).then_some(open);
            false
        }
    })
}

fn tag(inside: &str) -> Result<Token, &'static str> {
    if let Some(name) = inside.strip_prefix('/') {
        return Ok(Token::Event(Event::End(name_of(name.trim_end())?)));
    }
    let (inside, empty) = match inside.strip_suffix('/') {
        Some(inside) => (inside, true),
        None => (inside, false),
    };
    let space = inside.find(|c: char| c.is_ascii_whitespace());
    let (name, rest) = inside.split_at(space.unwrap_or(inside.len()));
    let (name, attributes) = (name_of(name)?, attributes(rest)?);
    Ok(if empty {
        Token::Empty(name, attributes)
    } else {
        Token::Event(Event::Start(name, attributes))
    })
}

fn attributes(rest: &str) -> Result<Vec<(String, String)>, &'static str> {
    const BAD: &str = "a bad attribute";
    let (mut pairs, mut rest) = (Vec::new(), rest.trim());
    while !rest.is_empty() {
        let (key, value) = rest.split_once('=').ok_or(BAD)?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| "\"'".contains(*c));
        let (value, after) =
            value[1..].split_once(quote.ok_or(BAD)?).ok_or(BAD)?;
        let value = unescape(value).map_err(|(_, what)| what)?;
        pairs.push((name_of(key.trim_end())?, value));
        rest = after.trim_start();
    }
    Ok(pairs)
}

fn name_of(name: &str) -> Result<String, &'static str> {
    let fine = |c: char| c.is_alphanumeric() || "_:-.".contains(c);
    if name.starts_with(|c: char| c.is_alphabetic() || "_:".contains(c))
        && name.chars().all(fine)
    {
        Ok(name.to_string())
    } else {
        Err("a bad name")
    }
}

const BAD_ENTITY: &str = "a bad entity";

fn unescape(text: &str) -> Result<String, Fault> {
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

fn entity(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    match (name, number.and_then(|digits| digits.strip_prefix('x'))) {
        ("amp", _) => Some('&'),
        ("lt", _) => Some('<'),
        ("gt", _) => Some('>'),
        ("quot", _) => Some('"'),
        ("apos", _) => Some('\''),
        (_, Some(hex)) => char::from_u32(u32::from_str_radix(hex, 16).ok()?),
        _ => char::from_u32(number?.parse().ok()?),
    }
}

fn utf8(bytes: &[u8], offset: usize) -> Result<&str, Fault> {
    from_utf8(bytes)
        .map_err(|error| (offset + error.valid_up_to(), "not UTF-8"))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
