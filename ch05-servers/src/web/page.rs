//! The answer for people, whole without any script.

use http_body_util::Full;
use hyper::Response;
use hyper::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
};
use maud::{DOCTYPE, Markup, html};

use super::Answer;
use super::wanted::{PAGE, Wanted, parameters};
use crate::finder::{Character, Found, Index, UNICODE, words};

const SAMPLES: [&str; 6] = [
    "cat smiling",
    "chess rook",
    "arrow",
    "fire",
    "braille",
    "registered",
];

/// Only what comes from here, and nothing inline: markup that got into a page
/// could not run as a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// Returns the page with the results that are wanted.
pub fn answer(index: &Index, wanted: &Wanted) -> Answer {
    let page = page(index, wanted).into_string();
    let mut response = Response::new(Full::new(page.into()));
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// Every `(…)` of the macro is escaped, in text and in attributes alike.
fn page(index: &Index, wanted: &Wanted) -> Markup {
    let query = wanted.query.trim();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                title {
                    @if !query.is_empty() { (query) " · " }
                    "Character finder"
                }
                link rel="icon" href="/icon.svg";
                link rel="stylesheet" href="/style.css";
                script src="/script.js" type="module" {}
            }
            body {
                header { (form(query)) }
                main {
                    (results(&index.find(query), wanted))
                    template id="row" { (row(None)) }
                }
                footer {
                    (index.len()) " characters of Unicode " (UNICODE)
                }
            }
        }
    }
}

fn form(query: &str) -> Markup {
    html! {
        h1 { a href="/" { "Character finder" } }
        form role="search" action="/" {
            label for="q" { "Words of a character’s name" }
            div class="box" {
                // A query that is longer than any name finds nothing.
                input id="q" name="q" type="search" value=(query)
                    maxlength="200" placeholder="cat smiling" autofocus
                    autocomplete="off" autocapitalize="none"
                    spellcheck="false" aria-controls="found";
                button { "Find" }
            }
        }
    }
}

fn results(found: &Found, wanted: &Wanted) -> Markup {
    let asked = words(&wanted.query).next().is_some();
    let stop = wanted.range.end.min(found.len());
    html! {
        p id="status" role="status" { @if asked { (count(found.len())) } }
        p id="samples" hidden[asked] {
            "For example: "
            @for sample in SAMPLES {
                a href={ "/?" (parameters(sample, 0)) } { (sample) } " "
            }
        }
        table id="found" hidden[found.is_empty()] {
            caption { "Characters found" }
            thead {
                tr {
                    th scope="col" { "Character" }
                    th scope="col" { "Name" }
                    th scope="col" { "Code" }
                }
            }
            tbody {
                @for character in found.page(wanted.range.clone()) {
                    (row(Some(character)))
                }
            }
        }
        a id="more" rel="next" hidden[stop >= found.len()]
            href={ "/?" (parameters(wanted.query.trim(), stop)) }
            { "The next " (PAGE) }
    }
}

/// A row of the table; without a character, for the script to fill in.
fn row(character: Option<&Character>) -> Markup {
    html! {
        tr {
            // Some letters run from right to left: they keep it to themselves.
            td { bdi { @if let Some(it) = character { (it.picture()) } } }
            th scope="row" { @if let Some(it) = character { (it.name()) } }
            td { @if let Some(it) = character { (it.code()) } }
        }
    }
}

fn count(n: usize) -> String {
    match n {
        0 => "No character has all these words.".to_string(),
        1 => "1 character".to_string(),
        n => format!("{n} characters"),
    }
}
