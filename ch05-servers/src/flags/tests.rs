//! What a range may ask for, and what a path may not.

use hyper::header::HeaderName;

use super::range::parse;
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
fn metadata_names_the_country() {
    let manners = Manners {
        delay: Duration::ZERO..=Duration::ZERO,
        error_rate: 0.0,
        seed: 7,
    };
    let flags = Flags::new(manners);
    let bytes = &**flags.files["/br/metadata.json"].bytes;
    let json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(json["iso_cc"], "BR");
    assert_eq!(json["country"], "Country BR");
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
        ("bytes=+1-5", Wanted::All),
        ("bytes=1-+5", Wanted::All),
        ("bytes=-+5", Wanted::All),
        ("bytes=+5-", Wanted::All),
        ("bytes=--5", Wanted::All),
        ("bytes=1_0-", Wanted::All),
        ("bytes= 1-5", Wanted::All),
        ("bytes=1-5 ", Wanted::All),
        ("BYTES=1-5", Wanted::Part(1, 5)),
        ("bytes", Wanted::All),
        ("", Wanted::All),
        ("bytes=", Wanted::All),
        ("bytes=-", Wanted::All),
        ("bytes=0-1,2-3", Wanted::All),
        ("lines=0-1", Wanted::All),
    ] {
        assert_eq!(parse(range, 100), wanted, "{range}");
        // Of nothing there is no part.
        assert_eq!(parse(range, 0), Wanted::All, "{range}");
    }
}

/// Answers with these headers; `TAG` stands for the file's.
fn answer(method: Method, lines: &[(&str, &str)]) -> Response<Full<Bytes>> {
    let flags = flags(0.0);
    let path = "/br/br.gif";
    let tag = flags.files[path].tag.to_str().unwrap().to_string();
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        let value = value.replace("TAG", &tag);
        headers.append(name, HeaderValue::from_str(&value).unwrap());
    }
    flags.answer(&method, path, &headers)
}

fn get(lines: &[(&str, &str)]) -> u16 {
    answer(Method::GET, lines).status().as_u16()
}

#[test]
fn client_that_has_the_file_gets_304() {
    for known in [
        "TAG",
        "W/TAG",
        "\"x\", TAG",
        "W/\"x\",W/TAG",
        "\"a,b\" , TAG",
        "\"W/\", TAG",
        ",,TAG,",
        "*",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = answer(method, &[("If-None-Match", known)]);
            assert_eq!(answer.status(), 304, "{known}");
            assert!(answer.headers().contains_key(ETAG), "{known}");
        }
    }
    let lines = [("If-None-Match", "\"x\""), ("If-None-Match", "TAG")];
    assert_eq!(get(&lines), 304);
    // A range does not change what the client has.
    assert_eq!(
        get(&[("If-None-Match", "TAG"), ("Range", "bytes=0-1")]),
        304
    );
    for unknown in [
        "\"x\"", "W/\"x\"", "\"x", "w/TAG", "x TAG", "TAGx", "", "\"*\"",
    ] {
        assert_eq!(get(&[("If-None-Match", unknown)]), 200, "{unknown}");
    }
    // There is no flag, so there is none that the client could have.
    let mut headers = HeaderMap::new();
    headers.insert("if-none-match", HeaderValue::from_static("*"));
    let none = flags(0.0).answer(&Method::GET, "/none", &headers);
    assert_eq!(none.status(), 404);
}

#[test]
fn client_that_wants_another_file_gets_412() {
    for (wanted, status) in [
        ("TAG", 200),
        ("*", 200),
        ("\"x\", TAG", 200),
        ("\"x\"", 412),
        ("W/TAG", 412),
        ("", 412),
    ] {
        assert_eq!(get(&[("If-Match", wanted)]), status, "{wanted}");
        let both = [("If-None-Match", "TAG"), ("If-Match", wanted)];
        let expected = if status == 200 { 304 } else { 412 };
        assert_eq!(get(&both), expected, "{wanted}");
    }
}

#[test]
fn range_is_for_a_get_of_the_file_that_the_client_knows() {
    let range = ("Range", "bytes=0-5");
    assert_eq!(get(&[range]), 206);
    for (condition, status) in [
        ("TAG", 206),
        ("\"other\"", 200),
        ("W/TAG", 200),
        ("TAG, \"x\"", 200),
        ("Sat, 29 Oct 1994 19:43:31 GMT", 200),
        ("", 200),
    ] {
        let answer = answer(Method::GET, &[range, ("If-Range", condition)]);
        assert_eq!(answer.status(), status, "{condition}");
        let has_range = answer.headers().contains_key(CONTENT_RANGE);
        assert_eq!(has_range, status == 206, "{condition}");
        // A range that cannot be had is ignored with it, too.
        let late = ("Range", "bytes=99999999-");
        let expected = if status == 206 { 416 } else { 200 };
        assert_eq!(get(&[late, ("If-Range", condition)]), expected);
    }
    // Without a range the condition has nothing to decide.
    assert_eq!(get(&[("If-Range", "\"other\"")]), 200);
    let head = answer(Method::HEAD, &[range]);
    assert_eq!(head.status(), 200);
    assert!(!head.headers().contains_key(CONTENT_RANGE));
    assert_eq!(get(&[range, range]), 200);
}

#[test]
fn partial_answers_say_how_long_the_file_is() {
    let length = flags(0.0).files["/br/br.gif"].bytes.len();
    for (range, said) in [
        ("bytes=0-5", format!("bytes 0-5/{length}")),
        ("bytes=99999999-", format!("bytes */{length}")),
        ("bytes=-0", format!("bytes */{length}")),
    ] {
        let answer = answer(Method::GET, &[("Range", range)]);
        assert_eq!(answer.headers()[CONTENT_RANGE], said, "{range}");
    }
}
