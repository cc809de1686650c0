//! Takes one piece of XML off the front of some bytes.
//!
//! Knows tags, attributes, text, the five named entities and the numbered ones,
//! comments, CDATA and processing instructions, as expat does. Refuses document
//! types: they can define entities that unfold to gigabytes.

use std::str::from_utf8;

use super::attributes::{
    self, BAD_ENTITY, Fault, SPACE, is_allowed, may_be_entity, name_of,
    unescape,
};
use super::encoding::{check_declaration, check_target};
use super::event::Event;

/// What stood at the front.
pub enum Token {
    /// A tag or a text.
    Event(Event),
    /// `<name/>`: a start that is its own end.
    Empty(String, Vec<(String, String)>),
    /// A piece of CDATA, which may be empty.
    Cdata(String),
    /// A piece of a comment or an instruction.
    Nothing,
}

/// What a document is in the middle of, and hands on in pieces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Span {
    Comment,
    Cdata,
    Instruction,
}

impl Span {
    fn close(self) -> &'static [u8] {
        match self {
            Span::Comment => b"-->",
            Span::Cdata => b"]]>",
            Span::Instruction => b"?>",
        }
    }
}

/// What is known of a document where its next token begins.
pub struct Tokens {
    at_start: bool,
    span: Option<Span>,
    /// Up to where the end of an unfinished tag was looked for, and the quote
    /// that was open there: the next look goes on from here.
    looked: usize,
    quote: Option<u8>,
}

impl Default for Tokens {
    fn default() -> Self {
        Tokens {
            at_start: true,
            span: None,
            looked: 1,
            quote: None,
        }
    }
}

/// A tag without an end would otherwise be kept for ever.
const LONGEST_MARKUP: usize = 1 << 16;
const TOO_LONG: Fault = (0, "markup without an end");

type Found = Result<Option<(Token, usize)>, Fault>;

impl Tokens {
    /// Returns the token at the front of `rest` and its length, or `None` if
    /// more bytes are needed to tell; after the `last` ones there are no more.
    ///
    /// # Errors
    ///
    /// What is not XML, or not supported.
    pub fn next(&mut self, rest: &[u8], last: bool) -> Found {
        let found = match (self.span, rest) {
            (Some(span), _) => self.piece(span, rest, last)?,
            (None, []) => None,
            (None, [b'<', ..]) => self.markup(rest, last)?,
            (None, _) => text(rest, last)?,
        };
        if found.is_some() {
            self.at_start = false;
            (self.looked, self.quote) = (1, None);
        }
        Ok(found)
    }

    /// Returns whether `rest` begins with text.
    pub fn is_at_text(&self, rest: &[u8]) -> bool {
        self.span.is_none() && !matches!(rest, [] | [b'<', ..])
    }

    /// Notes that something was read that is no token.
    pub fn skip(&mut self) {
        self.at_start = false;
    }

    /// Returns whether the document is in the middle of a comment or the like.
    pub fn is_inside(&self) -> bool {
        self.span.is_some()
    }

    fn markup(&mut self, rest: &[u8], last: bool) -> Found {
        for (open, span) in
            [(&b"<!--"[..], Span::Comment), (b"<![CDATA[", Span::Cdata)]
        {
            if rest.starts_with(open) {
                self.span = Some(span);
                let token = match span {
                    Span::Cdata => Token::Cdata(String::new()),
                    _ => Token::Nothing,
                };
                return Ok(Some((token, open.len())));
            }
            if open.starts_with(rest) {
                return unfinished(rest, last);
            }
        }
        match rest {
            [b'<', b'!', ..] => Err((0, "declarations are not supported")),
            [b'<', b'?', ..] => self.instruction(rest, last),
            _ => self.tag(rest, last),
        }
    }

    /// Reads the target of an instruction, or the whole of the declaration.
    fn instruction(&mut self, rest: &[u8], last: bool) -> Found {
        let is_end = |byte: &u8| b" \t\r\n?".contains(byte);
        let Some(length) = rest[2..].iter().position(is_end) else {
            return unfinished(rest, last);
        };
        let end = 2 + length;
        let target = utf8(&rest[2..end], 2)?;
        if target == "xml" && self.at_start {
            let Some(length) = find(&rest[end..], b"?>") else {
                return unfinished(rest, last);
            };
            let inside = utf8(&rest[end..end + length], end)?;
            check_declaration(inside).map_err(|what| (0, what))?;
            return Ok(Some((Token::Nothing, end + length + 2)));
        }
        check_target(target).map_err(|what| (0, what))?;
        if rest[end] == b'?' {
            match rest.get(end + 1) {
                Some(b'>') => {}
                Some(_) => return Err((0, "a bad instruction")),
                None => return unfinished(rest, last),
            }
        }
        self.span = Some(Span::Instruction);
        Ok(Some((Token::Nothing, end)))
    }

    /// Reads on in a comment, CDATA or instruction: to its end, or as far as it
    /// goes.
    fn piece(&mut self, span: Span, rest: &[u8], last: bool) -> Found {
        let close = span.close();
        let end = if span == Span::Comment {
            let dashes = find(rest, b"--");
            match dashes.and_then(|at| Some((at, rest.get(at + 2)?))) {
                Some((_, b'>')) | None => {}
                Some((at, _)) => {
                    allowed(&rest[..at], 0)?;
                    return Err((at, "two dashes in a comment"));
                }
            }
            dashes.filter(|at| rest.len() > at + 2)
        } else {
            find(rest, close)
        };
        let (length, whole) = match end {
            Some(end) => (end, end + close.len()),
            None if last => {
                allowed(rest, 0)?;
                return Err((rest.len(), "unexpected end"));
            }
            None => {
                let kept = (1..close.len())
                    .rev()
                    .find(|n| rest.ends_with(&close[..*n]));
                let length = uncut(&rest[..rest.len() - kept.unwrap_or(0)]);
                if length == 0 {
                    return Ok(None);
                }
                (length, length)
            }
        };
        let inside = allowed(&rest[..length], 0)?;
        if end.is_some() {
            self.span = None;
        }
        let token = match span {
            Span::Cdata => Token::Cdata(lines(inside)),
            _ => Token::Nothing,
        };
        Ok(Some((token, whole)))
    }

    fn tag(&mut self, rest: &[u8], last: bool) -> Found {
        let Some(end) = self.tag_end(rest) else {
            return unfinished(rest, last);
        };
        if end >= LONGEST_MARKUP {
            return Err(TOO_LONG);
        }
        let inside = allowed(&rest[1..end], 1)?;
        let token = tag(inside).map_err(|what| (0, what))?;
        Ok(Some((token, end + 1)))
    }

    /// Looks for the end of a tag, from where the last look ended.
    fn tag_end(&mut self, rest: &[u8]) -> Option<usize> {
        for (at, byte) in rest.iter().enumerate().skip(self.looked) {
            match self.quote {
                None if matches!(byte, b'"' | b'\'') => {
                    self.quote = Some(*byte);
                }
                None if *byte == b'>' => return Some(at),
                Some(open) if *byte == open => self.quote = None,
                _ => {}
            }
        }
        self.looked = rest.len();
        None
    }
}

fn unfinished<T>(rest: &[u8], last: bool) -> Result<Option<T>, Fault> {
    match (last, rest.len() > LONGEST_MARKUP) {
        (_, true) => Err(TOO_LONG),
        (true, _) => Err((rest.len(), "unexpected end")),
        _ => Ok(None),
    }
}

fn text(rest: &[u8], last: bool) -> Found {
    let end = rest.iter().position(|byte| *byte == b'<');
    let length = match end {
        Some(end) => end,
        None if last => rest.len(),
        None => uncut(before_entity(rest)),
    };
    if length == 0 {
        // Half an entity, half a letter, or half of what ends CDATA.
        return half(rest);
    }
    let raw = allowed(&rest[..length], 0);
    // The first fault is returned first, wherever the text is cut.
    let fine = match &raw {
        Ok(raw) => raw,
        Err((at, _)) => utf8(&rest[..*at], 0)?,
    };
    if let Some(at) = fine.find("]]>") {
        unescape(&fine[..at])?;
        return Err((at, "the end of CDATA in a text"));
    }
    let text = unescape(&lines(fine));
    match (raw, text) {
        (Err(fault), Ok(_)) => Err(fault),
        (_, Err(_)) => {
            // Where, in the text as it was.
            let fault = unescape(fine).err().unwrap_or((0, BAD_ENTITY));
            Err(fault)
        }
        (Ok(_), Ok(text)) => {
            Ok(Some((Token::Event(Event::Text(text)), length)))
        }
    }
}

/// Says whether the half of something at the end may become the whole.
fn half<T>(rest: &[u8]) -> Result<Option<T>, Fault> {
    let Some(name) = rest.strip_prefix(b"&") else {
        return Ok(None);
    };
    let name = utf8(name, 1).map_err(|_| (0, BAD_ENTITY))?;
    if may_be_entity(name) && name.len() < LONGEST_MARKUP {
        Ok(None)
    } else {
        Err((0, BAD_ENTITY))
    }
}

/// Returns what of a text comes before an entity that has no end yet.
fn before_entity(text: &[u8]) -> &[u8] {
    match text.iter().rposition(|byte| *byte == b'&') {
        Some(at) if !text[at..].contains(&b';') => &text[..at],
        _ => text,
    }
}

/// Returns how much of a text can be used if more of it may follow: no half
/// letter, no half line end, and no half of what must not stand in a text.
fn uncut(text: &[u8]) -> usize {
    let whole = match from_utf8(text) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => text.len(),
    };
    let text = &text[..whole];
    for half in [&b"\r"[..], b"]]", b"]"] {
        if text.ends_with(half) {
            return whole - half.len();
        }
    }
    whole
}

/// Makes one newline of each line end.
fn lines(text: &str) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_string()
    }
}

fn tag(inside: &str) -> Result<Token, &'static str> {
    if let Some(name) = inside.strip_prefix('/') {
        let name = name_of(name.trim_end_matches(SPACE))?;
        return Ok(Token::Event(Event::End(name)));
    }
    let (inside, empty) = match inside.strip_suffix('/') {
        Some(inside) => (inside, true),
        None => (inside, false),
    };
    let space = inside.find(SPACE);
    let (name, rest) = inside.split_at(space.unwrap_or(inside.len()));
    let (name, attributes) = (name_of(name)?, attributes::of(rest)?);
    Ok(if empty {
        Token::Empty(name, attributes)
    } else {
        Token::Event(Event::Start(name, attributes))
    })
}

fn utf8(bytes: &[u8], offset: usize) -> Result<&str, Fault> {
    from_utf8(bytes)
        .map_err(|error| (offset + error.valid_up_to(), "not UTF-8"))
}

/// Returns bytes as text, if all of it may stand in a document.
fn allowed(bytes: &[u8], offset: usize) -> Result<&str, Fault> {
    let text = utf8(bytes, offset);
    let fine = match text {
        Ok(text) => text,
        Err((at, _)) => utf8(&bytes[..at - offset], offset)?,
    };
    match fine.find(|c| !is_allowed(c)) {
        Some(at) => Err((offset + at, "a letter that is not allowed")),
        None => text,
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
