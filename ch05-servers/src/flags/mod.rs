//! A server of files that is slow and faulty on demand.
//!
//! 676 flags, `/br/br.gif` and `/br/metadata.json`, found in a map of names.
//! What goes wrong depends on the seed and the path, never on the order.
//!
//! cargo run -p ch05-servers -- flags
//! cargo run -p ch05-servers -- flags --port 8000 --delay-max 5 --error-rate 0.25

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH, RANGE,
};
use hyper::{Method, Response, StatusCode};

use crate::serve::http::{not_allowed, text};

pub mod demo;
pub mod pictures;
pub mod program;

/// What the server does to those who ask.
#[derive(Clone, Debug)]
pub struct Manners {
    /// Each answer takes a time out of this range.
    pub delay: RangeInclusive<Duration>,
    /// This share of the paths, from 0 to 1, is answered with a 418.
    pub error_rate: f64,
    /// Decides which paths those are, how long each takes, how flags look.
    pub seed: u64,
}

/// The flags, and the manners.
pub struct Flags {
    manners: Manners,
    /// All paths that there are. A path is looked up, not taken apart: there is
    /// no `..` to be resolved, no case to be folded, no link to be followed.
    files: HashMap<String, File>,
}

struct File {
    kind: &'static str,
    /// Drawn when somebody asks for it.
    bytes: LazyLock<Bytes, Box<dyn FnOnce() -> Bytes + Send + Sync>>,
    tag: HeaderValue,
}

impl Flags {
    /// Names all flags.
    pub fn new(manners: Manners) -> Flags {
        let mut files = HashMap::new();
        let mut add = |path: String, kind, bytes| {
            // The bytes follow from these two, so the tag may.
            let tag = format!("\"{:x}\"", hash(manners.seed, &path));
            let tag = HeaderValue::from_str(&tag);
            let tag = tag.expect("hexadecimal digits are allowed");
            let bytes = LazyLock::new(bytes);
            files.insert(path, File { kind, bytes, tag });
        };
        for a in 'a'..='z' {
            for b in 'a'..='z' {
                let code: String = [a, b].iter().collect();
                let seed = hash(manners.seed, &code);
                let upper = code.to_uppercase();
                add(
                    format!("/{code}/{code}.gif"),
                    "image/gif",
                    Box::new(move || pictures::flag(seed).into())
                        as Box<dyn FnOnce() -> Bytes + Send + Sync>,
                );
                add(
                    format!("/{code}/metadata.json"),
                    "application/json",
                    Box::new(move || {
                        format!(r#"{{"iso_cc":"{upper}"}}"#).into()
                    }),
                );
            }
        }
        Flags { manners, files }
    }

    /// Returns how long the answer to this path takes.
    pub fn delay(&self, path: &str) -> Duration {
        let (least, most) = self.manners.delay.clone().into_inner();
        least + (most - least).mul_f64(chance(self.manners.seed, path))
    }

    /// Answers, at once.
    pub fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Response<Full<Bytes>> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return not_allowed("GET, HEAD");
        }
        let Some(file) = self.files.get(path) else {
            return text(StatusCode::NOT_FOUND, "no such flag\n");
        };
        // Another draw than the delay's, or all slow paths were errors, too.
        if chance(!self.manners.seed, path) < self.manners.error_rate {
            return text(StatusCode::IM_A_TEAPOT, "I'm a teapot\n");
        }
        file.answer(headers)
    }
}

impl File {
    fn answer(&self, headers: &HeaderMap) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::default());
        let told = response.headers_mut();
        told.insert(ETAG, self.tag.clone());
        told.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if headers.get(IF_NONE_MATCH) == Some(&self.tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        told.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        let length = self.bytes.len();
        let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
        let (status, part) = match range.map(|range| parse(range, length)) {
            None | Some(Wanted::All) => {
                (StatusCode::OK, Bytes::clone(&self.bytes))
            }
            Some(Wanted::Part(first, last)) => {
                let range = format!("bytes {first}-{last}/{length}");
                let range = HeaderValue::from_str(&range);
                let range = range.expect("digits are allowed");
                told.insert(CONTENT_RANGE, range);
                (StatusCode::PARTIAL_CONTENT, self.bytes.slice(first..=last))
            }
            Some(Wanted::Nothing) => {
                (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new())
            }
        };
        *response.status_mut() = status;
        *response.body_mut() = Full::new(part);
        response
    }
}

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

/// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100`.
///
/// Source: RFC 9110, §14.2.
pub fn parse(range: &str, length: usize) -> Wanted {
    let Some(range) = range.strip_prefix("bytes=") else {
        return Wanted::All;
    };
    let Some((first, last)) = range.split_once('-') else {
        return Wanted::All;
    };
    // Too large for a number is larger than any file.
    let number = |text: &str| match text.parse() {
        Ok(n) => Some(n),
        Err(_) if text.bytes().all(|b| b.is_ascii_digit()) => Some(usize::MAX),
        Err(_) => None,
    };
    match (first, last) {
        ("", "") => Wanted::All,
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

/// Draws a number from 0 to 1, always the same for this seed and path.
pub fn chance(seed: u64, path: &str) -> f64 {
    fastrand::Rng::with_seed(hash(seed, path)).f64()
}

/// FNV-1a: short, and the same on every machine and in every version.
fn hash(seed: u64, path: &str) -> u64 {
    path.bytes()
        .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests;
