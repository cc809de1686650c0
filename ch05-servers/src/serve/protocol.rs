//! What RFC 9112 leaves to a server: refuse a request that two programs on its
//! way could read differently.
//!
//! Every HTTP server of this chapter asks here, before it looks at a path:
//! those on hyper in [`http`](super::http), those without async in
//! [`blocking`](super::blocking).

use std::net::Ipv6Addr;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderValue, TRANSFER_ENCODING,
};
use hyper::{Method, Request, Response, StatusCode, Uri, Version};

use super::http::text;

/// The longest head of a request, in bytes.
pub const MAX_HEAD: usize = 16 * 1024;

/// The longest body that is read, to be thrown away: no server here wants one.
pub const MAX_BODY: usize = 16 * 1024;

/// How much a server reads, and for how long, after its last answer.
///
/// A socket that is closed with bytes unread sends a reset, and the client's
/// system may drop the answer at it. RFC 9112 §9.6 has a server read on.
pub const LINGER: (u64, Duration) = (1 << 20, Duration::from_secs(1));

/// Why a request is not answered, and its connection closed.
pub type Refusal = (StatusCode, &'static str);

/// How long the body of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// This many bytes.
    Length(u64),
    /// It says so itself, chunk by chunk.
    Chunked,
}

/// Checks what makes a request one request, to one host; returns how long its
/// body is.
///
/// # Errors
///
/// There is a second way to read it.
pub fn check<B>(request: &Request<B>) -> Result<Framing, Refusal> {
    let doubt = |words| (StatusCode::BAD_REQUEST, words);
    let (version, headers) = (request.version(), request.headers());
    if !has_one_host(version, headers) {
        return Err(doubt("one Host header with one host, please\n"));
    }
    if !is_target(request.method(), request.uri()) {
        return Err(doubt("no such form of a target\n"));
    }
    let framing = framing(version, headers);
    framing.ok_or(doubt("the length of this body is in doubt\n"))
}

/// Says whether the connection ends with the answer to this request.
///
/// Source: RFC 9112 §9.3.
pub fn is_last<B>(request: &Request<B>) -> bool {
    let has = |option: &str| {
        let lines = request.headers().get_all(CONNECTION);
        let lines = lines.iter().filter_map(|line| line.to_str().ok());
        let mut options = lines.flat_map(|line| line.split(','));
        options.any(|it| it.trim().eq_ignore_ascii_case(option))
    };
    match request.version() {
        Version::HTTP_11 => has("close"),
        _ => has("close") || !has("keep-alive"),
    }
}

/// Answers a request that is not served: the connection ends, for where the
/// next request would begin is in doubt.
pub fn refuse((status, words): Refusal) -> Response<Full<Bytes>> {
    let mut response = text(status, words);
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

/// RFC 9112 §3.2: a request of HTTP/1.0 may have no host, none may have two.
fn has_one_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version == Version::HTTP_10,
        (Some(host), None) => is_host(host.as_bytes()),
        (Some(_), Some(_)) => false,
    }
}

/// Reads `host`, `host:80`, `127.0.0.1` or `[::1]:80`; RFC 9110 §7.2.
fn is_host(value: &[u8]) -> bool {
    let Ok(value) = std::str::from_utf8(value) else {
        return false;
    };
    let literal = value.strip_prefix('[').and_then(|it| it.split_once(']'));
    let (is_host, port) = match literal {
        Some((address, port)) => (address.parse::<Ipv6Addr>().is_ok(), port),
        None => {
            let end = value.find(':').unwrap_or(value.len());
            let (name, port) = value.split_at(end);
            (is_name(name.as_bytes()), port)
        }
    };
    let digits = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
    is_host && (port.is_empty() || port.strip_prefix(':').is_some_and(digits))
}

/// RFC 3986 §3.2.2, `reg-name`. Of the http scheme it is not empty.
fn is_name(name: &[u8]) -> bool {
    let plain =
        |b: &u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(b);
    // After each `%` two digits; what is between is plain.
    let mut parts = name.split(|b| *b == b'%');
    let first = parts.next().unwrap_or_default();
    !name.is_empty()
        && first.iter().all(plain)
        && parts.all(|part| match part.split_at_checked(2) {
            Some((digits, rest)) => {
                digits.iter().all(u8::is_ascii_hexdigit)
                    && rest.iter().all(plain)
            }
            None => false,
        })
}

/// RFC 9112 §3.2: which form a target has depends on the method.
fn is_target(method: &Method, uri: &Uri) -> bool {
    let has_path = uri.path().starts_with('/');
    match (uri.scheme(), uri.authority()) {
        // An authority alone names a tunnel's end.
        (None, Some(_)) => method == Method::CONNECT,
        (None, None) if uri.path() == "*" => method == Method::OPTIONS,
        _ => has_path && method != Method::CONNECT,
    }
}

/// Returns how long the body is; `None` where that is in doubt.
///
/// A coding other than `chunked` alone is in doubt, too: none is decoded here.
///
/// Source: RFC 9112 §6.1 and §6.3. Two lines of `Transfer-Encoding` that each
/// say `chunked` say that the body is chunked twice.
fn framing(version: Version, headers: &HeaderMap) -> Option<Framing> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter().map(length);
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else {
        let Some(first) = lengths.next() else {
            return Some(Framing::Length(0));
        };
        let alike = lengths.all(|length| length == first);
        return first.filter(|_| alike).map(Framing::Length);
    };
    let chunked = coding.as_bytes().eq_ignore_ascii_case(b"chunked");
    let alone = codings.next().is_none() && lengths.next().is_none();
    (chunked && alone && version == Version::HTTP_11)
        .then_some(Framing::Chunked)
}

/// Reads digits, and nothing but digits: `parse` alone accepts a sign.
fn length(value: &HeaderValue) -> Option<u64> {
    let text = value.to_str().ok()?;
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests;
