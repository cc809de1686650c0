//! What a client has already, or takes to be there: `If-None-Match`,
//! `If-Match`.

use hyper::header::{
    HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH,
};

/// What the preconditions of a GET or HEAD come to.
#[derive(Debug, PartialEq, Eq)]
pub enum Precondition {
    /// There is none, or it holds: answer.
    Holds,
    /// The client has this file: a 304.
    NotModified,
    /// The client wants another file than there is: a 412.
    Failed,
}

/// Evaluates the preconditions on a file that has this strong tag.
///
/// `If-Match` comes first and compares strongly, `If-None-Match` weakly. No
/// file here has a date of change, so conditions on dates are ignored.
///
/// Source: RFC 9110, §13.1 and §13.2.2.
pub fn evaluate(headers: &HeaderMap, tag: &HeaderValue) -> Precondition {
    let tag = tag.as_bytes();
    let is_named = match tags(headers, IF_MATCH) {
        None | Some(Tags::Any) => true,
        Some(Tags::These(all)) => all.contains(&tag),
    };
    if !is_named {
        return Precondition::Failed;
    }
    let weakly = |it: &&[u8]| it.strip_prefix(b"W/").unwrap_or(it) == tag;
    let is_known = match tags(headers, IF_NONE_MATCH) {
        None => false,
        Some(Tags::Any) => true,
        Some(Tags::These(all)) => all.iter().any(weakly),
    };
    match is_known {
        true => Precondition::NotModified,
        false => Precondition::Holds,
    }
}

/// What stands in a header of tags.
enum Tags<'a> {
    /// `*`: whatever file there is.
    Any,
    /// A list of tags.
    These(Vec<&'a [u8]>),
}

/// Reads a header's lines as one list; `None` where there is no line.
fn tags(headers: &HeaderMap, name: HeaderName) -> Option<Tags<'_>> {
    let lines: Vec<_> = headers.get_all(name).iter().collect();
    match &lines[..] {
        [] => None,
        [line] if line.as_bytes() == b"*" => Some(Tags::Any),
        lines => {
            let lines = lines.iter().flat_map(|line| list(line.as_bytes()));
            Some(Tags::These(lines.collect()))
        }
    }
}

/// Takes `"a", W/"b"` apart, up to the first part that is no tag. A comma may
/// stand in a tag.
///
/// Source: RFC 9110, §5.6.1 and §8.8.3.
fn list(mut line: &[u8]) -> Vec<&[u8]> {
    let mut tags = Vec::new();
    loop {
        line = line.trim_ascii_start();
        while let Some(rest) = line.strip_prefix(b",") {
            line = rest.trim_ascii_start();
        }
        let start = if line.starts_with(b"W/") { 2 } else { 0 };
        let Some(opaque) = line[start..].strip_prefix(b"\"") else {
            return tags;
        };
        let Some(end) = opaque.iter().position(|byte| *byte == b'"') else {
            return tags;
        };
        let (tag, rest) = line.split_at(start + end + 2);
        line = rest.trim_ascii_start();
        if !line.is_empty() && !line.starts_with(b",") {
            return tags;
        }
        tags.push(tag);
    }
}
