//! A page that works without its script, and a script that only adds to it.
//!
//! One search, two answers: HTML for people, JSON for programs, the page's own
//! script among them. Both come in pages.
//!
//! cargo run -p ch05-servers -- web
//! cargo run -p ch05-servers -- web --port 8000

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    CONTENT_TYPE, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};

use crate::finder::Index;
use crate::serve::http::{not_allowed, text};
use wanted::Wanted;

pub mod demo;
pub mod json;
pub mod page;
pub mod program;
pub mod wanted;

/// What this server sends: whole bodies.
pub type Answer = Response<Full<Bytes>>;

/// Answers one request; while there is no index, with a 503.
pub fn answer<B>(request: &Request<B>, index: Option<&Index>) -> Answer {
    let uri = request.uri();
    let mut response = match *request.method() {
        Method::GET | Method::HEAD => {
            route(uri.path(), uri.query().unwrap_or_default(), index)
        }
        _ => not_allowed("GET, HEAD"),
    };
    let nosniff = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// Chooses the answer by the path, and by nothing else in the request.
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
        "/ask.js" => {
            return asset("text/javascript", include_str!("ask.js"));
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
