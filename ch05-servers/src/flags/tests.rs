//! What a range may ask for, and what a path may not.

use super::*;

fn flags(error_rate: f64) -> Flags {
    Flags::new(Manners {
        delay: Duration::ZERO..=Duration::ZERO,
        error_rate,
        seed: 7,
    })
}

fn status(flags: &Flags, path: &str) -> u16 {
    let none = HeaderMap::new();
    flags.answer(&Method::GET, path, &none).status().as_u16()
}

#[test]
fn a_quarter_of_the_paths_is_a_quarter() {
    let flags = flags(0.25);
    let gifs: Vec<_> =
        flags.files.keys().filter(|p| p.ends_with("gif")).collect();
    let bad = gifs.iter().filter(|p| status(&flags, p) == 418).count();
    // Twenty-five per cent, give or take five.
    assert_eq!(gifs.len(), 676);
    assert!((135..=203).contains(&bad), "{bad}");
}

#[test]
fn no_other_spelling_is_a_flag() {
    let flags = flags(0.0);
    assert_eq!(status(&flags, "/br/br.gif"), 200);
    for path in [
        "/br/../br/br.gif",
        "//br/br.gif",
        "/br/br.gif/",
        "/BR/BR.GIF",
        "/br/br.gif%00",
        "/br/br%2egif",
        "/br/br.gif.",
        "/br/br.gif%20",
        "/br/br.gif::$DATA",
        "/con",
        "/nul.gif",
        "/C:/br.gif",
        "/br",
        "/br/",
        "/",
        "",
    ] {
        assert_eq!(status(&flags, path), 404, "{path}");
    }
}

#[test]
fn a_range_is_a_part_or_nothing_or_ignored() {
    for (range, wanted) in [
        ("bytes=0-0", Wanted::Part(0, 0)),
        ("bytes=-1", Wanted::Part(99, 99)),
        ("bytes=-1000", Wanted::Part(0, 99)),
        ("bytes=90-", Wanted::Part(90, 99)),
        ("bytes=0-99999999999999999999", Wanted::Part(0, 99)),
        ("bytes=100-", Wanted::Nothing),
        ("bytes=99999999999999999999-", Wanted::Nothing),
        ("bytes=-0", Wanted::Nothing),
        ("bytes=10-5", Wanted::All),
        ("bytes=", Wanted::All),
        ("bytes=-", Wanted::All),
        ("bytes=0-1,2-3", Wanted::All),
        ("lines=0-1", Wanted::All),
    ] {
        assert_eq!(parse(range, 100), wanted, "{range}");
    }
}

#[test]
fn what_is_known_already_is_not_sent() {
    let flags = flags(0.0);
    let get =
        |headers: &HeaderMap| flags.answer(&Method::GET, "/br/br.gif", headers);
    let mut headers = HeaderMap::new();
    let tag = get(&headers).headers()[ETAG].clone();
    headers.insert(IF_NONE_MATCH, tag);
    assert_eq!(get(&headers).status(), StatusCode::NOT_MODIFIED);
    headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"x"));
    assert_eq!(get(&headers).status(), StatusCode::OK);
}
