//! The answer for programs.

use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Answer;
use super::wanted::Wanted;
use crate::s21_finder::{Character, Index, words};

/// What a search answers: how many there are, and some of them.
#[derive(serde::Serialize)]
struct Results<'a> {
    total: usize,
    start: usize,
    stop: usize,
    chars: Vec<&'a Character>,
}

#[derive(serde::Serialize)]
struct Refusal<'a> {
    error: &'a str,
}

impl Serialize for Character {
    /// `char` is what can be shown of it, for JSON ends up on terminals, too;
    /// the character itself is what `code` says.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_struct("Character", 3)?;
        object.serialize_field("code", &format_args!("{}", self.code()))?;
        object.serialize_field("char", &format_args!("{}", self.picture()))?;
        object.serialize_field("name", &self.name)?;
        object.end()
    }
}

/// Returns the part of the results that is wanted, or why not.
pub fn answer(index: &Index, wanted: Result<Wanted, &str>) -> Answer {
    let wanted = match wanted {
        Ok(wanted) if words(&wanted.query).next().is_some() => wanted,
        Ok(_) => return refusal("no word in q"),
        Err(why) => return refusal(why),
    };
    let found = index.find(&wanted.query);
    let chars: Vec<_> = found.page(wanted.range.clone()).collect();
    let start = wanted.range.start;
    json(
        StatusCode::OK,
        &Results {
            total: found.len(),
            start,
            stop: start.saturating_add(chars.len()),
            chars,
        },
    )
}

fn refusal(error: &str) -> Answer {
    json(StatusCode::BAD_REQUEST, &Refusal { error })
}

fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).expect("strings and numbers only");
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
