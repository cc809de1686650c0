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
};
use hyper::{Method, Response, StatusCode};

use crate::serve::http::{not_allowed, text};

pub mod demo;
pub mod pictures;
pub mod preconditions;
pub mod program;
pub mod range;

use preconditions::{Precondition, evaluate};
use range::{Wanted, wanted};

/// What the server does to its clients.
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
    /// Drawn at the first request for it.
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
                        let country = format!("Country {upper}");
                        format!(
                            r#"{{"iso_cc":"{upper}","country":"{country}"}}"#
                        )
                        .into()
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
        file.answer(method, headers)
    }
}

impl File {
    fn answer(
        &self,
        method: &Method,
        headers: &HeaderMap,
    ) -> Response<Full<Bytes>> {
        let precondition = evaluate(headers, &self.tag);
        if precondition == Precondition::Failed {
            return text(StatusCode::PRECONDITION_FAILED, "another flag\n");
        }
        let mut response = Response::new(Full::default());
        let sent = response.headers_mut();
        sent.insert(ETAG, self.tag.clone());
        sent.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if precondition == Precondition::NotModified {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        sent.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        let length = self.bytes.len();
        let (status, range, part) =
            match wanted(method, headers, &self.tag, length) {
                Wanted::All => {
                    (StatusCode::OK, None, Bytes::clone(&self.bytes))
                }
                Wanted::Part(first, last) => (
                    StatusCode::PARTIAL_CONTENT,
                    Some(format!("bytes {first}-{last}/{length}")),
                    self.bytes.slice(first..=last),
                ),
                // The client learns how much there is.
                Wanted::Nothing => (
                    StatusCode::RANGE_NOT_SATISFIABLE,
                    Some(format!("bytes */{length}")),
                    Bytes::new(),
                ),
            };
        if let Some(range) = range {
            let range = HeaderValue::from_str(&range);
            sent.insert(CONTENT_RANGE, range.expect("ASCII is allowed"));
        }
        *response.status_mut() = status;
        *response.body_mut() = Full::new(part);
        response
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
