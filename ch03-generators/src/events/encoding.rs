//! Makes UTF-8 of what a document is written in.

use super::attributes::{self, name_of};

/// What a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    /// With the lower byte first, or last.
    Utf16 {
        little: bool,
    },
}

/// Within how many bytes the declaration of an encoding must stand.
const LONGEST_DECLARATION: usize = 1024;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Decodes a document that comes in pieces.
///
/// Knows UTF-8, ASCII, ISO 8859-1 and UTF-16, by their mark, by their first
/// bytes, or by the XML declaration. At work it would be the crate encoding_rs,
/// which knows the others.
#[derive(Default)]
pub struct Decoder {
    encoding: Option<Encoding>,
    /// What cannot be decoded yet: the beginning, or half a letter.
    waiting: Vec<u8>,
    /// How many bytes of the document were decoded.
    decoded: usize,
    mark: usize,
}

/// How many bytes before it were decoded, and what is wrong.
pub type Fault = (usize, &'static str);

impl Decoder {
    /// Decodes `piece`, after what came before it, onto the end of `text`.
    ///
    /// What is declared to be UTF-8 is passed on as it is.
    ///
    /// # Errors
    ///
    /// What is not text in the document's encoding. What came before it is there.
    pub fn decode(
        &mut self,
        piece: &[u8],
        last: bool,
        text: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let encoding = match self.encoding {
            Some(encoding) if self.waiting.is_empty() => {
                return self.transcode(encoding, piece, last, text);
            }
            Some(encoding) => encoding,
            None => {
                self.waiting.extend_from_slice(piece);
                let Some((encoding, mark)) =
                    sniff(&self.waiting, last).map_err(|what| (0, what))?
                else {
                    return Ok(());
                };
                self.encoding = Some(encoding);
                self.mark = mark;
                self.decoded = mark;
                let waiting = std::mem::take(&mut self.waiting);
                return self.transcode(encoding, &waiting[mark..], last, text);
            }
        };
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.extend_from_slice(piece);
        self.transcode(encoding, &waiting, last, text)
    }

    /// Returns the whole document as UTF-8, or what of it is before a fault.
    pub fn whole(
        bytes: &[u8],
    ) -> (Self, std::borrow::Cow<'_, [u8]>, Option<Fault>) {
        let mut decoder = Decoder::default();
        if let Ok(Some((Encoding::Utf8, mark))) = sniff(bytes, true) {
            decoder.encoding = Some(Encoding::Utf8);
            decoder.mark = mark;
            return (decoder, bytes[mark..].into(), None);
        }
        let mut text = Vec::new();
        let fault = decoder.decode(bytes, true, &mut text).err();
        (decoder, text.into(), fault)
    }

    /// Returns how many bytes of the document come before its first letter.
    pub fn mark(&self) -> usize {
        self.mark
    }

    /// Returns how many bytes of the document some decoded bytes were.
    pub fn width(&self, utf8: &[u8]) -> usize {
        let letters =
            || utf8.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        match self.encoding {
            Some(Encoding::Latin1) => letters(),
            Some(Encoding::Utf16 { .. }) => {
                // Those of four bytes are four bytes there, too.
                let long = utf8.iter().filter(|byte| **byte >= 0xf0).count();
                2 * (letters() + long)
            }
            _ => utf8.len(),
        }
    }

    fn transcode(
        &mut self,
        encoding: Encoding,
        bytes: &[u8],
        last: bool,
        text: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let little = match encoding {
            Encoding::Utf8 => {
                self.decoded += bytes.len();
                text.extend_from_slice(bytes);
                return Ok(());
            }
            Encoding::Ascii => {
                let fine = bytes.iter().take_while(|b| b.is_ascii()).count();
                self.decoded += fine;
                text.extend_from_slice(&bytes[..fine]);
                return if fine == bytes.len() {
                    Ok(())
                } else {
                    Err((self.decoded, "not ASCII"))
                };
            }
            Encoding::Latin1 => {
                self.decoded += bytes.len();
                let letters: String =
                    bytes.iter().map(|byte| char::from(*byte)).collect();
                text.extend_from_slice(letters.as_bytes());
                return Ok(());
            }
            Encoding::Utf16 { little } => little,
        };
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            }
        };
        let mut rest = bytes;
        while rest.len() >= 2 {
            let (high, pairs) = (unit(rest), rest.len() / 2);
            let is_half = (0xd800..0xdc00).contains(&high);
            if is_half && pairs < 2 {
                break;
            }
            let low = if is_half {
                Some(unit(&rest[2..]))
            } else {
                None
            };
            let units = std::iter::once(high).chain(low);
            let Some(Ok(letter)) = char::decode_utf16(units).next() else {
                return Err((self.decoded, "not UTF-16"));
            };
            text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            self.decoded += 2 * letter.len_utf16();
            rest = &rest[2 * letter.len_utf16()..];
        }
        self.waiting = rest.to_vec();
        if last && !rest.is_empty() {
            return Err((self.decoded, "not UTF-16"));
        }
        Ok(())
    }
}

/// Tells the encoding by the first bytes, and how long its mark is; `None` if
/// there are too few yet.
fn sniff(
    start: &[u8],
    last: bool,
) -> Result<Option<(Encoding, usize)>, &'static str> {
    if start.len() < 4 && !last {
        return Ok(None);
    }
    let (little, mark) = match start {
        [0xff, 0xfe, ..] => (true, 2),
        [0xfe, 0xff, ..] => (false, 2),
        [_, 0, ..] if start[0] != 0 => (true, 0),
        [0, ..] => (false, 0),
        _ => return declared(start, last),
    };
    let encoding = Encoding::Utf16 { little };
    // The declaration may name no other one.
    let mut text = Vec::new();
    let mut decoder = Decoder::default();
    let length = start.len().min(2 * LONGEST_DECLARATION);
    let beginning = &start[mark..length];
    let fault = decoder
        .transcode(encoding, beginning, false, &mut text)
        .err();
    let complete = last || fault.is_some() || text.len() >= LONGEST_DECLARATION;
    let Some(name) = declaration(&text, complete) else {
        return Ok(None);
    };
    let own = if little { "utf-16le" } else { "utf-16be" };
    match name.as_deref() {
        None | Some("utf-16") => Ok(Some((encoding, mark))),
        Some(name) if name == own => Ok(Some((encoding, mark))),
        Some(_) => Err("another encoding than declared"),
    }
}

fn declared(
    start: &[u8],
    last: bool,
) -> Result<Option<(Encoding, usize)>, &'static str> {
    let mark = if start.starts_with(UTF8_MARK) {
        UTF8_MARK.len()
    } else {
        0
    };
    let complete = last || start.len() >= LONGEST_DECLARATION;
    let Some(name) = declaration(&start[mark..], complete) else {
        return Ok(None);
    };
    let encoding = match name.as_deref() {
        None | Some("utf-8" | "utf8") => Encoding::Utf8,
        Some("us-ascii" | "ascii") => Encoding::Ascii,
        Some("iso-8859-1" | "iso8859-1" | "latin-1" | "latin1") => {
            Encoding::Latin1
        }
        Some(name) if name.starts_with("utf-16") => {
            return Err("another encoding than declared");
        }
        Some(_) => return Err("an encoding that is not supported"),
    };
    Ok(Some((encoding, mark)))
}

/// Finds the encoding that an XML declaration names, in lower case; `None` if
/// more has to be read. `Some(None)` is for a document that names none.
///
/// Whether the declaration is well formed, the tokens tell.
#[expect(clippy::option_option, reason = "not yet, none, and one")]
fn declaration(text: &[u8], complete: bool) -> Option<Option<String>> {
    const START: &[u8] = b"<?xml";
    let Some(inside) = text.strip_prefix(START) else {
        let is_one_yet = START.starts_with(text) && !complete;
        return if is_one_yet { None } else { Some(None) };
    };
    let end = inside.windows(2).position(|pair| pair == b"?>");
    let Some(end) = end else {
        return if complete { Some(None) } else { None };
    };
    let inside = std::str::from_utf8(&inside[..end]).ok();
    let pairs = inside.and_then(|inside| attributes::of(inside).ok());
    let mut pairs = pairs.into_iter().flatten();
    let name = pairs.find(|(key, _)| key == "encoding");
    Some(name.map(|(_, name)| name.to_ascii_lowercase()))
}

/// Checks an XML declaration, from behind its name to its end.
///
/// # Errors
///
/// It is none.
pub fn check_declaration(inside: &str) -> Result<(), &'static str> {
    const BAD: &str = "a bad XML declaration";
    let is_value = |text: &str| {
        let fine = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
        !text.is_empty() && text.chars().all(fine)
    };
    let pairs = attributes::of(inside).map_err(|_| BAD)?;
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let mut rest = match &pairs[..] {
        [("version", version), rest @ ..] if is_value(version) => rest,
        _ => return Err(BAD),
    };
    if let [("encoding", name), after @ ..] = rest {
        if !is_value(name) || !name.starts_with(|c: char| c.is_alphabetic()) {
            return Err(BAD);
        }
        rest = after;
    }
    match rest {
        [] | [("standalone", "yes" | "no")] => Ok(()),
        _ => Err(BAD),
    }
}

/// Checks the target of an instruction.
///
/// # Errors
///
/// It is no name, or one that is kept for the declaration.
pub fn check_target(target: &str) -> Result<(), &'static str> {
    name_of(target)?;
    if target.eq_ignore_ascii_case("xml") {
        return Err("a declaration that is not at the start");
    }
    Ok(())
}
