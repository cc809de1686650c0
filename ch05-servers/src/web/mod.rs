//! A page that works without its script, and a script that only adds to it.
//!
//! One search, two answers: HTML for people, JSON for programs, the page's own
//! script among them. Both come in pages.
//!
//! cargo run -p ch05-servers -- web
//! cargo run -p ch05-servers -- web --port 8000

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{
    ALLOW, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER,
    TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use tokio::time::timeout;

use crate::finder::Index;
use crate::finder::shared::SharedIndex;
use crate::serve::Limits;
use crate::serve::http::text;
use wanted::Wanted;

pub mod demo;
pub mod json;
pub mod page;
pub mod program;
pub mod wanted;

/// What this server sends: whole bodies.
pub type Answer = Response<Full<Bytes>>;

/// Nobody has a reason to send this server a body.
const MOST_BODY: usize = 16 * 1024;

/// Answers one request.
pub async fn answer(
    request: Request<Incoming>,
    index: SharedIndex,
    limits: Limits,
) -> Answer {
    let (head, body) = request.into_parts();
    let refused = match is_framed_twice(&head.headers) {
        true => Some(StatusCode::BAD_REQUEST),
        false if body.is_end_stream() => None,
        // Boxed: a request has no room for what hardly any request needs.
        false => Box::pin(unwanted(body, &limits)).await,
    };
    let mut response = match (refused, &head.method) {
        (Some(status), _) => {
            let mut response = text(status, "this body is not welcome\n");
            // Where the next request would begin is anybody's guess.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
            response
        }
        (None, &Method::GET | &Method::HEAD) => {
            let query = head.uri.query().unwrap_or_default();
            route(head.uri.path(), query, index.get())
        }
        _ => {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let mut response = text(status, "GET or HEAD, please\n");
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, allowed);
            response
        }
    };
    let nosniff = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// Answers what is known by its path, and by nothing else in the request.
pub fn route(path: &str, query: &str, index: Option<&Index>) -> Answer {
    match path {
        "/" | "/search" => {}
        "/style.css" => {
            return asset("text/css", include_str!("style.css"));
        }
        "/script.js" => {
            let script = include_str!("script.js");
            return asset("text/javascript", script);
        }
        "/icon.svg" => {
            return asset("image/svg+xml", include_str!("icon.svg"));
        }
        // Without the path: it would be a stranger's words in our answer.
        _ => return text(StatusCode::NOT_FOUND, "nothing here; try /\n"),
    }
    let Some(index) = index else {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut response = text(status, "still reading the names\n");
        let one = HeaderValue::from_static("1");
        response.headers_mut().insert(RETRY_AFTER, one);
        return response;
    };
    match (path, Wanted::parse(query)) {
        ("/", Ok(wanted)) => page::answer(index, &wanted),
        ("/", Err(why)) => text(StatusCode::BAD_REQUEST, format!("{why}\n")),
        (_, wanted) => json::answer(index, wanted),
    }
}

fn asset(kind: &'static str, body: &'static str) -> Answer {
    let mut response =
        Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// Says whether there is a second way to read how long the body is: then
/// somebody on the way here may have read it that way, and take its end for a
/// request of its own. RFC 9112 §6.1 and §6.3 leave it to us.
fn is_framed_twice(headers: &HeaderMap) -> bool {
    match headers.get(TRANSFER_ENCODING) {
        Some(coding) => {
            headers.contains_key(CONTENT_LENGTH)
                || !coding.as_bytes().eq_ignore_ascii_case(b"chunked")
        }
        None => false,
    }
}

/// Reads a body to its end, to throw it away: the next request comes after it.
/// Returns what to say if it is too long, too slow, or broken.
async fn unwanted(body: Incoming, limits: &Limits) -> Option<StatusCode> {
    if body.size_hint().lower() > MOST_BODY as u64 {
        return Some(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let whole = Limited::new(body, MOST_BODY).collect();
    match timeout(limits.header, whole).await {
        Ok(Ok(_)) => None,
        Ok(Err(err)) if err.is::<http_body_util::LengthLimitError>() => {
            Some(StatusCode::PAYLOAD_TOO_LARGE)
        }
        Ok(Err(_)) => Some(StatusCode::BAD_REQUEST),
        Err(_) => Some(StatusCode::REQUEST_TIMEOUT),
    }
}
