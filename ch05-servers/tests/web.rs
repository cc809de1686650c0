//! The web finder on raw sockets: no client library to put requests right.

mod server;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use ch05_servers::finder::shared::SharedIndex;
use ch05_servers::serve::Limits;
use ch05_servers::web::program::finder;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use serde_json::Value;
use server::inside::{Inside, patient};
use server::{At, Server, eventually, program};

/// A finder within this process, whose index is there.
fn start(limits: Limits) -> Inside {
    let server = Inside::start(|listener, index, shutdown| async move {
        finder(listener, limits, index, shutdown).await
    });
    eventually("it is ready", || status(&get(&server, "/health")) == 200);
    server
}

/// Dawdling is over soon.
fn short() -> Limits {
    Limits {
        idle: Duration::from_secs(1),
        header: Duration::from_secs(1),
        ..patient()
    }
}

/// Sends the head of a request that wants the connection closed after it.
fn request(server: &impl At, line: &str, more: &str) -> String {
    let head = format!(
        "{line} HTTP/1.1\r\nHost: x\r\n{more}Connection: close\r\n\r\n"
    );
    server.exchange(head.as_bytes())
}

fn get(server: &impl At, target: &str) -> String {
    request(server, &format!("GET {target}"), "")
}

fn status(answer: &str) -> u16 {
    let status = answer
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3));
    status
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

fn encoded(query: &str) -> String {
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    parameters.append_pair("q", query).finish()
}

fn assert_serves(server: &impl At) {
    let answer = get(server, "/search?q=registered");
    assert!(answer.contains("\"REGISTERED SIGN\""), "{answer}");
}

fn gauge(server: &impl At, name: &str) -> u64 {
    let metrics = get(server, "/metrics");
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    let value = line.and_then(|value| value.trim().parse().ok());
    value.unwrap_or_else(|| panic!("{name} is not in {metrics}"))
}

#[test]
fn slow_client_is_closed_at_any_point_of_its_request() {
    let server = start(short());
    let whole = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
    let half = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc";
    let dawdlers = [("", 0), ("GET / HT", 0), (whole, 200), (half, 408)];
    thread::scope(|scope| {
        for (sent, answered) in dawdlers {
            let server = &server;
            scope.spawn(move || {
                let answer = server.exchange(sent.as_bytes());
                assert_eq!(status(&answer), answered, "{sent}");
            });
        }
    });
}

#[test]
fn stalled_heads_do_not_exhaust_the_slots() {
    let server = start(Limits {
        connections: 50,
        ..short()
    });
    let stalled: Vec<_> = (0..200)
        .map(|_| {
            let mut client = server.connect();
            client.write_all(b"GET / HTTP/1.1\r\nHos").unwrap();
            client
        })
        .collect();
    assert_serves(&server);
    drop(stalled);
}

#[test]
fn request_that_is_too_large_is_refused_and_the_next_is_served() {
    let server = start(patient());
    let head = "GET / HTTP/1.1\r\nHost: x\r\n";
    let many: String = (0..101).map(|i| format!("X-{i}: y\r\n")).collect();
    let long = "x".repeat(70_000);
    for (sent, answered) in [
        (
            format!(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\n\r\n{long}"
            ),
            413,
        ),
        (
            format!(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n{long}\r\n0\r\n\r\n"
            ),
            413,
        ),
        (format!("{head}{many}\r\n"), 431),
        (format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"), 431),
        (format!("{head}X: {}\r\n\r\n", long.repeat(7)), 431),
        (
            "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03".to_string(),
            400,
        ),
        ("GET /< HTTP/1.1\r\nHost: x\r\n\r\n".to_string(), 400),
    ] {
        let answer = server.exchange(sent.as_bytes());
        let start = &sent[..sent.len().min(60)];
        assert_eq!(status(&answer), answered, "{start}");
        assert_serves(&server);
    }
}

/// Collects the elements of a page, with their attributes' names.
#[derive(Default)]
struct Elements(std::cell::RefCell<BTreeSet<String>>);

impl TokenSink for Elements {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            let mut element = tag.name.to_string();
            for attribute in &tag.attrs {
                element += &format!(" {}", attribute.name.local);
            }
            self.0.borrow_mut().insert(element);
        }
        TokenSinkResult::Continue
    }
}

fn elements(page: &str) -> BTreeSet<String> {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(page));
    let tokens = Tokenizer::new(Elements::default(), TokenizerOpts::default());
    // It has no script to run, so it stops at no script.
    let _ = tokens.feed(&queue);
    tokens.end();
    tokens.sink.0.take()
}

#[test]
fn markup_in_a_query_is_text_in_the_page_and_in_json() {
    let server = start(patient());
    let harmless = elements(body(&get(&server, "/?q=nosuchword")));
    assert!(harmless.len() > 15, "{harmless:?}");
    for payload in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus='alert(1)",
        "</title><script>",
        "<svg/onload=alert(1)>",
        "{{7*7}}",
        "javascript:alert(1)",
        "&lt;script&gt;",
        "-->",
        "+ADw-script+AD4-",
        "\u{2028}x",
        "x\0y",
    ] {
        let query = encoded(&format!("nosuchword {payload}"));
        let page = get(&server, &format!("/?{query}"));
        assert_eq!(status(&page), 200, "{payload}");
        assert_eq!(elements(body(&page)), harmless, "{payload}");
        let answer = get(&server, &format!("/search?{query}"));
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        assert!(
            head.contains("content-type: application/json\r\n"),
            "{head}"
        );
        assert!(
            head.contains("x-content-type-options: nosniff\r\n"),
            "{head}"
        );
        let value: Value = serde_json::from_str(body(&answer)).expect("JSON");
        assert_eq!(value["total"], 0);
    }
}

#[test]
fn results_that_are_markup_are_text() {
    let server = start(patient());
    for (query, escaped) in [
        ("less-than sign", "<bdi>&lt;</bdi>"),
        ("ampersand", "<bdi>&amp;</bdi>"),
        ("quotation mark", "<bdi>&quot;</bdi>"),
    ] {
        let page = get(&server, &format!("/?{}", encoded(query)));
        assert!(page.contains(escaped), "{query}");
    }
}

#[test]
fn a_page_is_whole_and_its_own() {
    let server = start(patient());
    let page = get(&server, "/?q=arrow");
    let policy = page
        .lines()
        .find(|line| line.starts_with("content-security-policy: "))
        .expect("a policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!page.contains("access-control"), "{page}");
    assert!(!page.contains("://"), "an address outside: {page}");
    assert!(!page.contains(" style=") && !page.contains(" on"), "inline");
    assert_eq!(page.matches("<tr>").count(), 1 + 100 + 1);
    assert!(page.contains("href=\"/?q=arrow&amp;start=100\""));
    for asset in ["/style.css", "/script.js", "/icon.svg"] {
        assert_eq!(status(&get(&server, asset)), 200, "{asset}");
        assert!(page.contains(&format!("\"{asset}\"")), "{asset}");
    }
}

#[test]
fn the_largest_result_comes_in_pages_that_fit_together() {
    let server = start(patient());
    let (mut start, mut codes) = (0, Vec::new());
    loop {
        let target = format!("/search?q=syllable&start={start}&stop=9999999");
        let answer = get(&server, &target);
        let page: Value = serde_json::from_str(body(&answer)).expect("JSON");
        let chars = page["chars"].as_array().expect("an array");
        assert!(chars.len() <= 500);
        codes.extend(chars.iter().map(|char| char["code"].to_string()));
        start = page["stop"].as_u64().expect("a number");
        if start == page["total"] {
            break;
        }
    }
    let count = codes.len();
    assert!(count > 10_000, "{count}");
    assert_eq!(codes.into_iter().collect::<BTreeSet<_>>().len(), count);
}

#[test]
fn odd_queries_are_answered_or_refused_and_nothing_else() {
    let server = start(patient());
    let parameters: String = (0..2_000).map(|i| format!("&a{i}=")).collect();
    for (query, page, json) in [
        ("", 200, 400),
        ("q=", 200, 400),
        ("q=a&q=b", 400, 400),
        ("q=%zz", 200, 200),
        ("q=%ff", 200, 400),
        ("q=%00", 200, 400),
        ("q=+", 200, 400),
        ("q=a&x=y&&&==", 200, 200),
        ("q=a&start=-1", 400, 400),
        ("q=a&start=99999999999999999999999", 400, 400),
        ("q=a&start=18446744073709551615", 200, 200),
        ("q=a&start=5&stop=1", 200, 200),
        ("q=a&stop=x", 400, 400),
        ("q=a=b&c", 200, 200),
        ("Q=a", 200, 400),
        (&format!("q=a{parameters}"), 200, 200),
    ] {
        let short = &query[..query.len().min(40)];
        assert_eq!(
            status(&get(&server, &format!("/?{query}"))),
            page,
            "{short}"
        );
        let answer = get(&server, &format!("/search?{query}"));
        assert_eq!(status(&answer), json, "{short}");
        serde_json::from_str::<Value>(body(&answer)).expect("JSON, always");
    }
}

#[test]
fn other_methods_are_refused_and_head_is_get_without_a_body() {
    let server = start(patient());
    let head = request(&server, "HEAD /search?q=registered", "");
    let get = get(&server, "/search?q=registered");
    let lines = |answer: &str| -> Vec<String> {
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        let lines = head.lines().filter(|line| !line.starts_with("date: "));
        lines.map(str::to_string).collect()
    };
    assert_eq!(lines(&head), lines(&get));
    assert_eq!(body(&head), "");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO"] {
        let answer = request(&server, &format!("{method} /"), "");
        assert_eq!(status(&answer), 405, "{method}");
        assert!(answer.contains("\r\nallow: GET, HEAD\r\n"), "{answer}");
    }
}

#[test]
fn a_path_that_is_not_there_is_not_repeated() {
    let server = start(patient());
    let long = format!("/{}", "y".repeat(8_000));
    for path in ["/%3Cscript%3E", "/%0d%0aX:%20y", "/..%2f..%2fetc", &long] {
        let answer = get(&server, path);
        assert_eq!(status(&answer), 404, "{path}");
        assert_eq!(body(&answer), "nothing here; try /\n");
        assert!(!answer.contains("script>") && !answer.contains("\nX"));
    }
}

#[test]
fn a_body_of_doubtful_length_smuggles_no_second_request() {
    let server = start(short());
    let hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    let big = "x".repeat(1_000_000);
    let shapes = [
        format!(
            "Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
            hidden.len() + 5
        ),
        format!("Content-Length: 0\r\nContent-Length: 5\r\n\r\n{hidden}"),
        format!("Content-Length: +5\r\n\r\n{hidden}"),
        format!("Content-Length: 5, 5\r\n\r\n{hidden}"),
        format!("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!("Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!(
            "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{hidden}"
        ),
        format!("Transfer-Encoding: chunked\r\n\r\n0;{big}\r\n\r\n{hidden}"),
        format!("Transfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n{hidden}"),
        format!("X: y\r\n folded\r\nContent-Length: 5\r\n\r\n{hidden}"),
        format!("Content-Length : 5\r\n\r\n{hidden}"),
    ];
    for shape in shapes {
        let sent = format!("POST / HTTP/1.1\r\nHost: x\r\n{shape}");
        let answer = server.exchange(sent.as_bytes());
        let first = &sent[..sent.len().min(120)];
        // 404 would be the answer to the request within the body.
        assert!(!answer.contains("404"), "{first:?}: {answer}");
        let statuses = answer.matches("HTTP/1.1 4").count();
        assert_eq!(statuses, 1, "{first:?}: {answer}");
        assert_serves(&server);
    }
}

#[test]
fn a_request_names_its_host_once_and_links_do_not_repeat_it() {
    let server = start(patient());
    let line = "GET /?q=arrow HTTP/1.1\r\nConnection: close\r\n";
    let none = server.exchange(format!("{line}\r\n").as_bytes());
    assert_eq!(status(&none), 400);
    let two = format!("{line}Host: a\r\nHost: b\r\n\r\n");
    assert_eq!(status(&server.exchange(two.as_bytes())), 400);
    let evil = format!("{line}Host: evil.example\r\n\r\n");
    let evil = server.exchange(evil.as_bytes());
    assert_eq!(status(&evil), 200);
    assert!(!evil.contains("evil"));
}

#[test]
fn clients_that_leave_at_once_leave_nothing_behind() {
    let server = Server::start("web", &["--quiet"]);
    server.wait_until_ready();
    let line = "GET /search?q=cjk&stop=500 HTTP/1.1\r\nHost: x\r\n\r\n";
    for _ in 0..1000 {
        let mut client = server.connect();
        client.write_all(line.as_bytes()).unwrap();
    }
    eventually("only the one who asks", || {
        gauge(&server, "connections_open ") == 1
            && gauge(&server, "http_requests_in_flight ") == 1
            && server.open_files() < 30
    });
}

#[test]
fn the_log_has_one_line_for_a_request_and_nothing_raw() {
    let mut command = program("web", &["--port", "0"]);
    command.stderr(Stdio::piped());
    let mut server = Server::run(command);
    server.wait_until_ready();
    // Bytes that hyper lets through in a target, beside what it refuses.
    for target in ["/one?q=%1b[31m", "/two?q=\u{202e}\u{9b}"] {
        get(&server, target);
    }
    let mut stderr = server.process.stderr.take().expect("a pipe");
    server.process.kill().expect("it runs");
    let mut log = String::new();
    stderr.read_to_string(&mut log).expect("UTF-8");
    assert_eq!(log.matches("target=\"/one").count(), 1, "{log}");
    let rough = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!log.contains(rough), "{log:?}");
}

#[test]
fn before_its_index_is_there_it_listens_and_says_so() {
    // Nobody builds this one.
    let none = SharedIndex::default();
    let server = Inside::start(|listener, _, shutdown| async move {
        finder(listener, patient(), none, shutdown).await
    });
    let get = |target: &str| get(&server, target);
    assert_eq!(body(&get("/health")), "starting\n");
    for target in ["/health", "/", "/search?q=a"] {
        assert_eq!(status(&get(target)), 503, "{target}");
    }
    assert!(get("/?q=a").contains("\r\nretry-after: 1\r\n"));
    assert_eq!(status(&get("/style.css")), 200);
    assert_eq!(server.stop().cut, 0);
}

#[test]
fn requests_in_flight_finish_and_no_new_one_begins() {
    let server = start(patient());
    let mut late = server.connect();
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";
    late.write_all(head.as_bytes()).unwrap();
    eventually("its head has arrived", || {
        gauge(&server, "http_requests_in_flight ") == 2
    });
    server.cancel();
    eventually("new clients are refused", || {
        TcpStream::connect(server.address()).is_err()
    });
    late.write_all(b"end").unwrap();
    let mut answer = String::new();
    late.read_to_string(&mut answer).unwrap();
    assert_eq!(status(&answer), 405);
    assert_eq!(server.stop().cut, 0);
}

#[test]
fn the_largest_result_is_cut_to_a_page_for_each_of_fifty() {
    let server = Server::start("web", &["--quiet"]);
    server.wait_until_ready();
    let before = server.resident();
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                let answer = get(&server, "/search?q=cjk&stop=999999");
                let page: Value =
                    serde_json::from_str(body(&answer)).expect("JSON");
                assert_eq!(page["stop"], 500);
                assert!(page["total"].as_u64() > Some(90_000));
            });
        }
    });
    let grown = server.resident().saturating_sub(before);
    assert!(grown <= 64 * 1024, "{grown} KiB for fifty");
}
