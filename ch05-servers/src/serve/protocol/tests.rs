//! Heads as hyper and httparse hand them on: what they let through.

use super::*;

fn request(line: &str, version: Version, headers: &[&str]) -> Request<()> {
    let (method, target) = line.split_once(' ').unwrap();
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .version(version);
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    request.body(()).unwrap()
}

fn get(headers: &[&str]) -> Request<()> {
    request("GET /", Version::HTTP_11, headers)
}

#[test]
fn host_is_one_name_or_address_with_at_most_a_port() {
    for host in [
        "a",
        "a.example",
        "a.example:80",
        "a:",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:80",
        "a_b",
        "a%41",
        "xn--bcher-kva.example",
        "a..b",
    ] {
        assert!(check(&get(&[&format!("Host: {host}")])).is_ok(), "{host}");
    }
    for host in [
        "", "a b", "a/b", "a\tb", "user@a", "a:b", "a:1:2", ":80", "a?b",
        "a#b", "http://a", "[::1", "::1", "[a]", "[::1]x", "[]", "a,b", "a\\b",
        "a%4", "a%zz", "a%", "a\"", "<a>", "é",
    ] {
        // A comma may stand in a name, so it is not what makes this two.
        let fine = host == "a,b";
        let checked = check(&get(&[&format!("Host: {host}")]));
        assert_eq!(checked.is_ok(), fine, "{host:?}");
    }
    assert!(check(&get(&[])).is_err());
    assert!(check(&get(&["Host: a", "Host: a"])).is_err());
    let old = |headers: &[&str]| request("GET /", Version::HTTP_10, headers);
    assert!(check(&old(&[])).is_ok());
    assert!(check(&old(&["Host: a b"])).is_err());
    assert!(check(&old(&["Host: a", "Host: b"])).is_err());
}

#[test]
fn target_has_the_form_of_its_method() {
    for (line, fine) in [
        ("GET /", true),
        ("GET //a", true),
        ("GET http://a/", true),
        ("GET http://a", true),
        ("OPTIONS *", true),
        ("CONNECT a:80", true),
        ("GET *", false),
        ("GET a", false),
        ("GET a:80", false),
        ("CONNECT /", false),
        ("CONNECT http://a/", false),
    ] {
        let request = request(line, Version::HTTP_11, &["Host: a"]);
        assert_eq!(check(&request).is_ok(), fine, "{line}");
    }
}

#[test]
fn body_has_one_length() {
    let framing = |version, headers: &[&str]| {
        framing(version, request("GET /", version, headers).headers())
    };
    let new = |headers: &[&str]| framing(Version::HTTP_11, headers);
    assert_eq!(new(&[]), Some(Framing::Length(0)));
    assert_eq!(new(&["Content-Length: 44"]), Some(Framing::Length(44)));
    let twice = ["Content-Length: 5", "Content-Length: 5"];
    assert_eq!(new(&twice), Some(Framing::Length(5)));
    let chunked = "Transfer-Encoding: chunked";
    assert_eq!(new(&[chunked]), Some(Framing::Chunked));
    let capitals = ["Transfer-Encoding: Chunked"];
    assert_eq!(new(&capitals), Some(Framing::Chunked));
    for doubtful in [
        &["Content-Length: +5"][..],
        &["Content-Length: -5"],
        &["Content-Length: 5, 5"],
        &["Content-Length: 0x5"],
        &["Content-Length: 5 5"],
        &["Content-Length: "],
        &["Content-Length: 18446744073709551616"],
        &["Content-Length: 5", "Content-Length: 6"],
        &["Content-Length: 5", chunked],
        &[chunked, chunked],
        &["Transfer-Encoding: identity", chunked],
        &[chunked, "Transfer-Encoding: identity"],
        &["Transfer-Encoding: chunked, chunked"],
        &["Transfer-Encoding: gzip, chunked"],
        &["Transfer-Encoding: xchunked"],
        &["Transfer-Encoding: "],
    ] {
        assert_eq!(new(doubtful), None, "{doubtful:?}");
    }
    assert_eq!(framing(Version::HTTP_10, &[chunked]), None);
}

#[test]
fn connection_options_are_a_list_of_tokens() {
    for (version, lines, last) in [
        (Version::HTTP_11, &[][..], false),
        (Version::HTTP_11, &["Connection: close"], true),
        (Version::HTTP_11, &["Connection: Close"], true),
        (Version::HTTP_11, &["Connection: keep-alive, close"], true),
        (Version::HTTP_11, &["Connection: te ,\tCLOSE ,"], true),
        (
            Version::HTTP_11,
            &["Connection: close", "Connection: keep-alive"],
            true,
        ),
        (Version::HTTP_11, &["Connection: closed"], false),
        (Version::HTTP_11, &["X: close"], false),
        (Version::HTTP_10, &[], true),
        (Version::HTTP_10, &["Connection: keep-alive"], false),
        (Version::HTTP_10, &["Connection: te, Keep-Alive"], false),
        (Version::HTTP_10, &["Connection: keep-alive, close"], true),
    ] {
        let request = request("GET /", version, lines);
        assert_eq!(is_last(&request), last, "{version:?} {lines:?}");
    }
}
