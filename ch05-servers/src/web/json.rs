//! The answer for programs.

use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::Answer;
use super::wanted::Wanted;
use crate::finder::{Character, Index, words};

/// What a search answers: how many there are, and some of them.
#[derive(Serialize)]
struct Results<'a> {
    total: usize,
    start: usize,
    stop: usize,
    chars: Vec<&'a RawValue>,
}

/// `char` is what can be shown of it, for JSON ends up on terminals, too; the
/// character itself is what `code` says.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    char: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Refusal<'a> {
    error: &'a str,
}

/// Returns a row, which is written when a query finds it first.
fn row(character: &Character) -> &RawValue {
    character.json.get_or_init(|| {
        let row = Row {
            code: character.code(),
            char: character.picture(),
            name: character.name(),
        };
        to_raw_value(&row).expect("strings only")
    })
}

/// Returns the part of the results that is wanted, or why not.
pub fn answer(index: &Index, wanted: Result<Wanted, &str>) -> Answer {
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(why) => return refusal(why),
    };
    let found = index.find(&wanted.query);
    if found.is_empty() && words(&wanted.query).next().is_none() {
        return refusal("no word in q");
    }
    let chars: Vec<_> = found.page(wanted.range.clone()).map(row).collect();
    let rows: usize = chars.iter().map(|row| row.get().len() + 1).sum();
    let start = wanted.range.start;
    json(
        StatusCode::OK,
        // Room for all of it, which is then asked for once.
        Vec::with_capacity(128 + rows),
        &Results {
            total: found.len(),
            start,
            stop: start.saturating_add(chars.len()),
            chars,
        },
    )
}

fn refusal(error: &str) -> Answer {
    json(StatusCode::BAD_REQUEST, Vec::new(), &Refusal { error })
}

fn json(
    status: StatusCode,
    mut body: Vec<u8>,
    value: &impl Serialize,
) -> Answer {
    serde_json::to_writer(&mut body, value).expect("strings and numbers only");
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
