//! Which part of a file a request asks for.

use hyper::Method;
use hyper::header::{HeaderMap, HeaderValue, IF_RANGE, RANGE};

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything: there is no such range, or several, which may be ignored.
    All,
    /// From the first to the last of these bytes.
    Part(usize, usize),
    /// Nothing that there is.
    Nothing,
}

/// Returns what a request wants of a file that has this tag and length.
///
/// A range is for a GET. With `If-Range` it is for a file that has not changed:
/// the tag there must be this one, and a strong one. No file here has a date of
/// change, so a date never fits.
///
/// Source: RFC 9110, §13.1.5 and §14.2.
pub fn wanted(
    method: &Method,
    headers: &HeaderMap,
    tag: &HeaderValue,
    length: usize,
) -> Wanted {
    let mut ranges = headers.get_all(RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else {
        return Wanted::All;
    };
    let mut tags = headers.get_all(IF_RANGE).iter();
    let is_fresh =
        tags.all(|it| it == tag && !it.as_bytes().starts_with(b"W/"));
    match range.to_str() {
        Ok(range) if method == Method::GET && is_fresh => parse(range, length),
        _ => Wanted::All,
    }
}

/// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100`.
///
/// Source: RFC 9110, §14.1.2.
pub fn parse(range: &str, length: usize) -> Wanted {
    let Some((unit, range)) = range.split_once('=') else {
        return Wanted::All;
    };
    let Some((first, last)) = range.split_once('-') else {
        return Wanted::All;
    };
    // Of a file without a byte there is no part.
    if !unit.eq_ignore_ascii_case("bytes") || length == 0 {
        return Wanted::All;
    }
    match (first, last) {
        ("", last) => match number(last) {
            None => Wanted::All,
            Some(0) => Wanted::Nothing,
            Some(n) => Wanted::Part(length.saturating_sub(n), length - 1),
        },
        (first, "") => match number(first) {
            None => Wanted::All,
            Some(first) if first >= length => Wanted::Nothing,
            Some(first) => Wanted::Part(first, length - 1),
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first > last => Wanted::All,
            (Some(first), Some(_)) if first >= length => Wanted::Nothing,
            (Some(first), Some(last)) => {
                Wanted::Part(first, last.min(length - 1))
            }
            _ => Wanted::All,
        },
    }
}

/// Reads digits alone, for `parse` accepts a sign, too. Too large for a number
/// is larger than any file.
fn number(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(usize::MAX))
}
